//! Words of a command line, as a shell reads them.

/// One word for a shell, in quotation marks where it needs them. No shell can be given a NUL, so one is left out.
#[must_use]
pub fn word(text: &str) -> String {
    let text = text.replace('\0', "");
    shlex::try_quote(&text).map_or_else(|_| String::new(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn whatever_it_holds_it_is_one_word() {
        for text in ["results/a-1", "it's here", "", "$HOME `ls` \\ \" ! \n;", "a\0b"] {
            assert_eq!(shlex::split(&word(text)), Some(vec![text.replace('\0', "")]), "{text:?}");
        }
    }

    #[test]
    fn what_needs_no_quotation_marks_has_none() {
        assert_eq!(word("results/a-1.json"), "results/a-1.json");
    }
}
