//! Circuit IR to SPICE dialects and Verilog-A.
