//! The program as its users see it: arguments and files in; exit code, standard output and standard error out.

mod apps;
mod program;
mod refused;
mod run;
