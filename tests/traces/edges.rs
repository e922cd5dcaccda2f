//! Edges of a trace: which span lies directly in which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use spans::Span;

/// A span by service and name.
type Named = (&'static str, &'static str);

/// A span that must lie directly in another.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    parent: Named,
    child: Named,
}

impl Edge {
    /// From `parent` to `child`.
    pub const fn new(parent: Named, child: Named) -> Self {
        Edge { parent, child }
    }
}

/// The spans of one trace, by id.
pub struct Trace<'a> {
    spans: HashMap<&'a str, &'a Span>,
}

impl<'a> Trace<'a> {
    /// Of these spans.
    pub fn of(spans: &'a [Span]) -> Self {
        Trace {
            spans: spans.iter().map(|span| (span.span_id.as_str(), span)).collect(),
        }
    }

    /// Whether some span is the edge's child directly in the edge's parent.
    pub fn has(&self, edge: &Edge) -> bool {
        let is = |span: &Span, named: Named| (span.service.as_str(), span.name.as_str()) == named;
        let child_of = |span: &Span| span.parent_span_id.as_deref().and_then(|id| self.spans.get(id));
        self.spans
            .values()
            .any(|span| is(span, edge.child) && child_of(span).is_some_and(|p| is(p, edge.parent)))
    }

    /// Panics where a span's parent is neither in the trace nor the client's own span.
    pub fn has_no_gaps(&self, client_span_id: &str) {
        let orphans: Vec<&&Span> = self
            .spans
            .values()
            .filter(|span| {
                let parent = span.parent_span_id.as_deref();
                parent.is_none_or(|id| id != client_span_id && !self.spans.contains_key(id))
            })
            .collect();
        assert!(orphans.is_empty(), "spans without their parent: {orphans:#?}");
    }

    /// The processes it went through, sorted.
    pub fn processes(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self
            .spans
            .values()
            .map(|span| span.resource_service.as_str())
            .collect();
        names.into_iter().collect()
    }

    /// Every edge that there is, with how often.
    pub fn told(&self) -> String {
        let mut edges: BTreeMap<String, usize> = BTreeMap::new();
        for span in self.spans.values() {
            let parent = span.parent_span_id.as_deref().and_then(|id| self.spans.get(id));
            let parent = parent.map_or("(none)".to_owned(), |parent| {
                format!("{} {}", parent.service, parent.name)
            });
            *edges
                .entry(format!("{parent} → {} {}", span.service, span.name))
                .or_default() += 1;
        }
        edges
            .into_iter()
            .map(|(edge, count)| format!("{count:>5} {edge}\n"))
            .collect()
    }
}
