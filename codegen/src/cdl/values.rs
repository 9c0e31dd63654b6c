//! What a netlist of devices leaves out.

use super::Cdl;
use crate::error::Error;
use crate::module::args;
use crate::name;
use crate::number::Number;
use crate::text::Name;
use memloom_ir::Element;
use std::io::Write;

impl Cdl<'_> {
    /// Writes a CSV line per value that an instance sets and no device of this netlist has: module, instance, parameter,
    /// value in SI units. Feedback resistors and units of activations are among them; conductances are in the programming
    /// map.
    ///
    /// # Errors
    /// Those of the writer; [`Error::Unplaceable`] for a name that is none.
    pub fn write_values(&self, out: &mut dyn Write) -> Result<(), Error> {
        out.write_all(b"module,instance,parameter,value\n")?;
        for (_, module_name, module) in self.design.modules.iter() {
            let of_others = |element: &Element| !matches!(element, Element::Foreign(_));
            for (_, inst, instance) in module.instances.iter().filter(|(.., i)| of_others(&i.element)) {
                for copy in 0..instance.count {
                    let inst = name::copy(inst, instance.array, copy);
                    for (parameter, value) in args(instance, copy) {
                        let [module_name, inst] = [Name::new(module_name)?, Name::new(&inst)?];
                        writeln!(out, "{module_name},{inst},{},{}", Name::new(parameter)?, Number(value))?;
                    }
                }
            }
        }
        Ok(())
    }
}
