//! What every rule leads on to: the next rule, or the end.

/// What every rule leads on to.
macro_rules! leads_on {
    ($rule:ident) => {
        impl $rule {
            /// See [`Audit::role`].
            pub fn role(self, name: impl Into<String>) -> RoleRule {
                self.end().role(name)
            }

            /// See [`Audit::redirect`].
            pub fn redirect(self, module: impl Into<String>) -> RedirectRule {
                self.end().redirect(module)
            }

            /// See [`Audit::superseded`].
            pub fn superseded(self, item: impl Into<String>) -> SupersededRule {
                self.end().superseded(item)
            }

            /// See [`Audit::unique`].
            pub fn unique(self, name: impl Into<String>) -> UniqueRule {
                self.end().unique(name)
            }

            /// See [`Audit::payload`].
            pub fn payload(self, of_type: impl Into<String>) -> PayloadRule {
                self.end().payload(of_type)
            }

            /// See [`Audit::layers`].
            pub fn layers<T: Into<String>>(self, order: impl IntoIterator<Item = T>) -> Audit {
                self.end().layers(order)
            }

            /// See [`Audit::separate`].
            pub fn separate(self, module: impl Into<String>) -> LayersRule {
                self.end().separate(module)
            }

            /// See [`Audit::baseline`].
            pub fn baseline(self, path: impl Into<PathBuf>) -> Audit {
                self.end().baseline(path)
            }

            /// See [`Audit::mode`].
            pub fn mode(self, mode: Mode) -> Audit {
                self.end().mode(mode)
            }

            /// See [`Audit::check`].
            ///
            /// # Errors
            ///
            /// As [`Audit::check`].
            pub fn check(self) -> Result<Report, Failure> {
                self.end().check()
            }

            /// See [`Audit::run`].
            ///
            /// # Errors
            ///
            /// As [`Audit::run`].
            pub fn run(self) -> Result<Report, Error> {
                self.end().run()
            }
        }
    };
}

pub(super) use leads_on;
