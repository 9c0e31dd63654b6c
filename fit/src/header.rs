//! Finds the columns of a measurement in the first lines of an instrument's file.

use crate::layout::{Found, Layout, Quantity, Unit};
use csv::StringRecord;

/// Words of a header that say which channel, and not what is measured.
const CHANNEL: [&str; 15] = [
    "smu",
    "ch",
    "chan",
    "channel",
    "anode",
    "top",
    "electrode",
    "terminal",
    "dut",
    "device",
    "sample",
    "meas",
    "measured",
    "source",
    "applied",
];

/// What instruments call a quantity beside its name and short name, without the words of the channel.
fn phrases(quantity: Quantity) -> &'static [&'static str] {
    match quantity {
        Quantity::Time => &[
            "time",
            "t",
            "timestamp",
            "time stamp",
            "elapsed time",
            "relative time",
            "rel time",
            "timeoutput",
        ],
        Quantity::Voltage => {
            &["voltage", "v", "volt", "vmeas", "vf", "av", "anodev", "vd", "vds", "bias", "bias voltage"]
        }
        Quantity::Current => &["current", "i", "imeas", "im", "ai", "anodei", "id", "ids"],
    }
}

/// A field of a header taken apart.
struct Field<'a> {
    whole: &'a str,
    /// The field without its unit and its indices.
    base: &'a str,
    unit: Option<&'a str>,
}

impl<'a> Field<'a> {
    fn new(whole: &'a str, quantity: Quantity) -> Self {
        // A space before a quote keeps the quotes.
        let whole = whole.trim().trim_matches('"').trim();
        let mut base = whole;
        let mut unit = None;
        // `Smu1.V[1][1]`, `V(V)`, `Current [uA]`.
        while let Some((before, inside)) = bracketed(base) {
            if !inside.chars().all(|c| c.is_ascii_digit()) && unit.replace(inside).is_some() {
                break;
            }
            base = before;
        }
        // `I/A`, `current_uA`, `Voltage mV`.
        if unit.is_none()
            && let Some((before, after)) = base.rsplit_once(['/', '_', ' ', ','])
            && Unit::of(quantity, after).is_some()
        {
            (base, unit) = (before, Some(after));
        }
        Self { whole, base: base.trim(), unit }
    }

    /// Whether it is the quantity's own name.
    fn is_named(&self, quantity: Quantity) -> bool {
        [quantity.name(), quantity.short()].iter().any(|n| n.eq_ignore_ascii_case(self.whole.trim()))
    }

    /// Whether it is what an instrument calls the quantity.
    fn is_like(&self, quantity: Quantity) -> bool {
        // `C1.I` is the current of some part `C1`.
        let part = self.base.rsplit('.').next().unwrap_or_default();
        [self.base, part].into_iter().map(words).any(|words| match words.is_empty() {
            // `CH1[V]`: only the unit tells.
            true => self.unit.is_some_and(|unit| Unit::of(quantity, unit).is_some()),
            false => phrases(quantity).contains(&words.join(" ").as_str()),
        })
    }

    fn is_called(&self, name: &str) -> bool {
        [self.whole.trim(), self.base].iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The words of a name without those that say which channel: `SMU-1 Voltage` is a `voltage`.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words = words.map(|w| w.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase());
    words.filter(|w| !w.is_empty() && !CHANNEL.contains(&w.as_str())).collect()
}

/// `Current` and `uA` of `Current (uA)`.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let open = match text.chars().next_back()? {
        ')' => '(',
        ']' => '[',
        _ => return None,
    };
    let at = text.rfind(open).filter(|at| *at > 0)?;
    Some((text[..at].trim_end(), text[at + 1..text.len() - 1].trim()))
}

/// Why a line is no header.
pub(crate) struct Miss {
    /// How many quantities have a column in it.
    pub(crate) matched: usize,
    /// What it lacks, and what to write.
    pub(crate) what: String,
    /// Whether it is a header for sure: every quantity has a column, and something else is wrong.
    pub(crate) certain: bool,
}

/// The wanted columns in a line that may be the header.
pub(crate) fn find(line: &StringRecord, layout: &Layout) -> Result<Vec<Found>, Miss> {
    let fields: Vec<&str> = line.iter().collect();
    let places: Vec<_> = layout.wanted().map(|q| (q, place(&fields, q, layout))).collect();
    let matched = places.iter().filter(|(_, place)| !matches!(place, Err(Wrong::Missing(_)))).count();
    let certain = matched == places.len();
    let found = places.into_iter().map(|(quantity, place)| {
        let place = place.map_err(|wrong| wrong.what())?;
        let field = Field::new(fields[place], quantity);
        let unit = unit(&field, quantity, layout)?;
        Ok(Found { quantity, place, name: cut(field.whole), unit })
    });
    found.collect::<Result<_, String>>().map_err(|what| Miss { matched, what, certain })
}

/// The columns of a file that goes by their numbers, if `row` has a value in each; `before` may say the units.
pub(crate) fn numbered(
    row: &StringRecord,
    before: Option<&StringRecord>,
    layout: &Layout,
    number: impl Fn(&str) -> Option<f64>,
) -> Option<Result<Vec<Found>, String>> {
    let places = layout.numbers()?;
    places.iter().all(|at| row.get(*at).and_then(&number).is_some()).then_some(())?;
    let found = layout.wanted().zip(places).map(|(quantity, place)| {
        let name = before.and_then(|line| line.get(place)).filter(|text| number(text).is_none());
        let field = Field::new(name.unwrap_or(""), quantity);
        let unit = unit(&field, quantity, layout)?;
        let name = if field.whole.is_empty() { (place + 1).to_string() } else { cut(field.whole) };
        Ok(Found { quantity, place, name, unit })
    });
    Some(found.collect())
}

/// Units that stand in a line of their own below the header.
pub(crate) fn units_below(line: &StringRecord, found: &[Found]) -> Option<Vec<Unit>> {
    let unit = |f: &Found| {
        let text = line.get(f.place)?.trim();
        Unit::of(f.quantity, text.trim_matches(['(', ')', '[', ']']))
    };
    found.iter().map(unit).collect()
}

enum Wrong {
    Missing(String),
    Other(String),
}

impl Wrong {
    fn what(self) -> String {
        match self {
            Self::Missing(what) | Self::Other(what) => what,
        }
    }
}

fn place(fields: &[&str], quantity: Quantity, layout: &Layout) -> Result<usize, Wrong> {
    let name = quantity.name();
    let all = |is: &dyn Fn(&Field<'_>) -> bool| -> Vec<usize> {
        let of = |(at, field): (usize, &&str)| is(&Field::new(field, quantity)).then_some(at);
        fields.iter().enumerate().filter_map(of).collect()
    };
    if let Some(column) = layout.of(quantity) {
        let number = column.name.parse::<usize>().ok().filter(|n| (1..=fields.len()).contains(n));
        return match (&all(&|f| f.is_called(&column.name))[..], number) {
            ([at], _) => Ok(*at),
            ([], Some(number)) => Ok(number - 1),
            ([], None) => Err(Wrong::Missing(format!(
                "no column `{}` for `{name}` among {}; write one of these names, or its number from 1",
                column.name,
                shown(fields)
            ))),
            _ => Err(Wrong::Other(format!(
                "two columns `{}` for `{name}`; write the number of one, from 1",
                column.name
            ))),
        };
    }
    match all(&|f| f.is_named(quantity))[..] {
        [at] => return Ok(at),
        [] => {}
        _ => return Err(Wrong::Other(format!("two columns `{name}`; keep one"))),
    }
    match all(&|f| f.is_like(quantity))[..] {
        [at] => Ok(at),
        [] => Err(Wrong::Missing(format!(
            "no column `{name}` among {}; write a header such as `time,voltage,current`, or say which they are: \
             `--columns time=NAME:ms,voltage=NAME,current=NAME:uA` (a name of the header, or a number from 1)",
            shown(fields)
        ))),
        [a, b, ..] => Err(Wrong::Other(format!(
            "`{}` and `{}` may both be the {name}; say which: `--columns {name}={}`",
            cut(fields[a]),
            cut(fields[b]),
            cut(fields[a])
        ))),
    }
}

/// The unit of a column: the user's, the header's, or SI.
fn unit(field: &Field<'_>, quantity: Quantity, layout: &Layout) -> Result<Unit, String> {
    if let Some(unit) = layout.of(quantity).and_then(|column| column.unit.clone()) {
        return Ok(unit);
    }
    let Some(symbol) = field.unit else { return Ok(Unit::si(quantity)) };
    Unit::of(quantity, symbol).ok_or_else(|| {
        let name = quantity.name();
        format!(
            "`{}` is no unit of {name} in `{}`; state it, such as `--columns {name}={}:{}`",
            cut(symbol),
            cut(field.whole),
            cut(field.base),
            Unit::si(quantity).symbol
        )
    })
}

/// The header's names, the first few and short.
fn shown(header: &[&str]) -> String {
    let names: Vec<String> = header.iter().take(8).map(|field| format!("`{}`", cut(field))).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// The beginning of a field, on one line.
pub(crate) fn cut(field: &str) -> String {
    field.chars().take_while(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Result<Vec<(usize, String)>, String> {
        let line = StringRecord::from(header.split(',').collect::<Vec<_>>());
        let found = find(&line, &Layout::default()).map_err(|miss| miss.what)?;
        Ok(found.into_iter().map(|f| (f.place, f.unit.symbol)).collect())
    }

    #[test]
    fn instruments_headers_are_known() {
        for (header, wanted) in [
            ("Item,Smu1.Time[1][1],Smu1.V[1][1],Smu1.I[1][1],", [(1, "s"), (2, "V"), (3, "A")]),
            ("Time (s),V(V),I(A)", [(0, "s"), (1, "V"), (2, "A")]),
            ("Current (µA),Voltage [mV],Time/ms", [(2, "ms"), (1, "mV"), (0, "uA")]),
            ("CH1 Time,CH1 Voltage,CH1 Current", [(0, "s"), (1, "V"), (2, "A")]),
            ("AV,AI,Time", [(2, "s"), (0, "V"), (1, "A")]),
            ("DataName,V1,I1,Time", [(3, "s"), (1, "V"), (2, "A")]),
            ("time_ms,voltage_V,current_nA", [(0, "ms"), (1, "V"), (2, "nA")]),
            ("SMU-1 Time (sec),SMU-1 Voltage (Volts),SMU-1 Current (Amps)", [(0, "s"), (1, "V"), (2, "A")]),
            ("Time,CH-1[V],CH-2[mA],Event", [(0, "s"), (1, "V"), (2, "mA")]),
            ("\"Time [ms]\",\"R1.V [V]\",\"C1.I [uA]\"", [(0, "ms"), (1, "V"), (2, "uA")]),
            ("Pt,T,Vf,Im,Vu", [(1, "s"), (2, "V"), (3, "A")]),
            ("v2,V,t,i", [(2, "s"), (1, "V"), (3, "A")]),
        ] {
            let wanted = wanted.map(|(at, unit)| (at, unit.to_owned()));
            assert_eq!(columns(header).as_deref(), Ok(&wanted[..]), "{header}");
        }
        for (header, part) in [
            ("t,V1,V2,I", "`V1` and `V2` may both be the voltage; say which: `--columns voltage=V1`"),
            ("t,v,Current (dBm)", "`dBm` is no unit of current in `Current (dBm)`"),
            ("t,v,charge", "no column `current` among `t`, `v`, `charge`"),
        ] {
            let said = columns(header).unwrap_err();
            assert!(said.contains(part), "{said}");
        }
    }
}
