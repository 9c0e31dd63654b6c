//! Leaf models in another simulator's spelling.
//!
//! Twins are written once, as ngspice reads them: a B source's expression stands bare, its parameters in braces; a
//! parameter's expression stands in quotes; a function's body in braces. What is said stays the same.

use crate::text::Lines;

/// How a dialect spells the expressions of leaf models.
#[derive(Debug, Clone, Copy)]
pub(in crate::dialect) struct Spelling {
    /// Around the expression of a B source.
    pub(in crate::dialect) source: (&'static str, &'static str),
    /// Around a parameter in it.
    pub(in crate::dialect) parameter: (&'static str, &'static str),
    /// Whether a choice is `if(condition, a, b)`, not `condition ? a : b`.
    pub(in crate::dialect) calls_if: bool,
    /// Before the parameters of a subcircuit and of a call of one, if anything: `PARAMS:`.
    pub(in crate::dialect) params: &'static str,
}

impl Spelling {
    /// `lines` of ngspice in this spelling.
    pub(in crate::dialect) fn of(&self, lines: &Lines) -> Lines {
        Lines::rendered(cards(lines.as_str()).map(|card| self.card(card)).collect())
    }

    /// A card with its continuation lines and the newline at its end.
    fn card(&self, card: &str) -> String {
        let lower = card.to_ascii_lowercase();
        if lower.starts_with('b') {
            return self.source(card);
        }
        if lower.starts_with(".param") {
            return braced(card);
        }
        if lower.starts_with(".func") {
            return self.function(card);
        }
        if lower.starts_with(".subckt") || lower.starts_with('x') {
            return self.with_params(card);
        }
        card.to_owned()
    }

    /// `Bx p n I=expression`.
    fn source(&self, card: &str) -> String {
        let Some(at) = card.find('=') else { return card.to_owned() };
        let (head, expression) = card.split_at(at + 1);
        // Without the mark of a continuation, which would be a sign inside.
        let expression = self.choices(&expression.trim_end_matches('\n').replace("\n+", "\n"));
        let expression = replaced(&expression, self.parameter).replace('\n', "\n+");
        format!("{head}{}{expression}{}\n", self.source.0, self.source.1)
    }

    /// `.func name(arguments) {body}`: in a body a parameter stands without braces of its own.
    fn function(&self, card: &str) -> String {
        let body = card.find('{').zip(card.rfind('}')).filter(|(open, close)| open < close);
        let Some((open, close)) = body else { return card.to_owned() };
        let body = replaced(&self.choices(&card[open + 1..close]), ("(", ")"));
        format!("{}{{{body}}}{}", &card[..open], &card[close + 1..])
    }

    /// With the word before the parameters.
    fn with_params(&self, card: &str) -> String {
        let first = card.find('=').filter(|_| !self.params.is_empty());
        let Some(first) = first else { return card.to_owned() };
        let start = card[..first].rfind([' ', '\n']).map_or(0, |space| space + 1);
        format!("{}{} {}", &card[..start], self.params, &card[start..])
    }

    fn choices(&self, text: &str) -> String {
        if self.calls_if { calls(text) } else { text.to_owned() }
    }
}

/// The cards of a text: lines, each with those that continue it.
fn cards(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.match_indices('\n').find(|(at, _)| !rest[at + 1..].starts_with('+'));
        let (card, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at + 1));
        rest = after;
        (!card.is_empty()).then_some(card)
    })
}

/// Expressions in quotes, in braces.
fn braced(card: &str) -> String {
    let mut inside = false;
    let brace = |c| match c {
        '\'' => {
            inside = !inside;
            if inside { '{' } else { '}' }
        }
        other => other,
    };
    card.chars().map(brace).collect()
}

/// Parameters in `quotes`, not in braces.
fn replaced(text: &str, quotes: (&str, &str)) -> String {
    text.replace('{', quotes.0).replace('}', quotes.1)
}

/// `text` with every `condition ? a : b` as `if(condition,a,b)`. A choice reaches as far as the parentheses or commas
/// around it.
fn calls(text: &str) -> String {
    let Some(mark) = text.find('?') else { return text.to_owned() };
    let start = before(&text[..mark]);
    let end = mark + 1 + after(&text[mark + 1..], &[',', ')']);
    let colon = mark + 1 + after(&text[mark + 1..end], &[':']);
    let [condition, yes, no] =
        [&text[start..mark], &text[mark + 1..colon], text.get(colon + 1..end).unwrap_or("")];
    let choice = format!("if({},{},{})", condition.trim(), calls(yes.trim()), calls(no.trim()));
    format!("{}{choice}{}", &text[..start], calls(&text[end..]))
}

/// Where the expression starts that `text` ends in.
fn before(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' | ',' if depth == 0 => return at + 1,
            '(' => depth -= 1,
            _ => {}
        }
    }
    0
}

/// Where the first of `ends` stands that is in no parentheses of `text`'s own, or its end.
fn after(text: &str, ends: &[char]) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            _ if depth == 0 && ends.contains(&c) => return at,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRACES: Spelling =
        Spelling { source: ("{", "}"), parameter: ("(", ")"), calls_if: false, params: "PARAMS:" };
    const CALLS: Spelling = Spelling { source: ("", ""), parameter: ("{", "}"), calls_if: true, params: "" };

    fn spelt(spelling: Spelling, text: &str) -> String {
        spelling.of(&Lines::rendered(text.to_owned())).into_string()
    }

    #[test]
    fn expressions_in_braces() {
        let text = "* a = {b}\n.subckt a p n\n+ r=1 s=2\n.param x='r*2' y=3\n.func f(u) {u*{r}}\n\
                    Bi p n I={r}*f(v(p))\n+ -{s}\nC1 p 0 {r} IC={s}\nXa p n a r=1\n.ends a\n";
        let wanted = "* a = {b}\n.subckt a p n\n+ PARAMS: r=1 s=2\n.param x={r*2} y=3\n.func f(u) {u*(r)}\n\
                      Bi p n I={(r)*f(v(p))\n+ -(s)}\nC1 p 0 {r} IC={s}\nXa p n a PARAMS: r=1\n.ends a\n";
        assert_eq!(spelt(BRACES, text), wanted);
    }

    #[test]
    fn choices_as_calls() {
        let same = "C1 p 0 {r}\n";
        assert_eq!(spelt(CALLS, same), same);
        for (text, wanted) in [
            (
                "Bx 0 x I=time > 0 ? {c}*(v(x))\n+ : {x_0}-v(x)\n",
                "Bx 0 x I=if(time > 0,{c}*(v(x)),{x_0}-v(x))\n",
            ),
            ("Bx 0 x I=(v(a,b) >= 0 ? 1 : -1)*v(s)\n", "Bx 0 x I=(if(v(a,b) >= 0,1,-1))*v(s)\n"),
            ("Bx 0 x I=f(a ? b : c, d > 1 ? e : g)\n", "Bx 0 x I=f(if(a,b,c),if(d > 1,e,g))\n"),
            ("Bx 0 x I=a ? (b ? c : d) : e ? f : g\n", "Bx 0 x I=if(a,(if(b,c,d)),if(e,f,g))\n"),
            (".func f(u) {u > 0 ? {r} : 1}\n", ".func f(u) {if(u > 0,(r),1)}\n"),
        ] {
            assert_eq!(spelt(CALLS, text), wanted);
        }
    }
}
