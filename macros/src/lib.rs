//! Attribute macros of memloom: circuits as typed structs.
