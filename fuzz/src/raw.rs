use memloom_sim::external::raw::{self, Plot};

/// A rawfile of ngspice or VACASK, and every look-up in it.
pub fn raw(bytes: &[u8]) -> bool {
    let Ok(plots) = raw::parse(bytes) else { return false };
    plots.iter().for_each(look);
    true
}

fn look(plot: &Plot) {
    for vector in &plot.vectors {
        assert!(vector.values.len() <= plot.points, "`{}` has more values than points", vector.name);
        assert!(vector.values.first_not_finite().is_none_or(|at| at < vector.values.len()));
        assert!(plot.vector(&vector.name).is_ok(), "`{}` is found", vector.name);
        let (Ok(values), Ok(time)) = (plot.real(&vector.name), plot.real("time")) else { continue };
        // What `at_time` asks for.
        if time.len() >= 2 && values.len() == time.len() {
            let _ = plot.at_time(values, time[0]);
        }
    }
    let _ = (plot.voltage("out"), plot.real("no such vector"));
}
