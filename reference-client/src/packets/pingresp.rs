//! PINGRESP (section 3.13): the Server is alive.

use crate::Client;

impl Client {
    pub(crate) fn pingresp(&mut self) {
        self.connection.keep_alive.answered();
    }
}
