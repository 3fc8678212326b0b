//! Figures: what was measured, beside what it should be.
use std::time::Duration;

use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub bench: &'static str,
    pub documents: u64,
    pub metric: &'static str,
    pub unit: &'static str,
    pub value: f64,
    pub goal: Option<f64>,
}

/// How figures are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One line of JSON each.
    Json,
    /// Columns for people.
    Table,
}

/// Prints the head of a table.
pub(crate) fn begin(form: Form) {
    if form == Form::Table {
        row("bench", "documents", "metric", "value", "goal", "");
    }
}

/// Prints one figure.
pub(crate) fn print(form: Form, figure: &Figure) {
    let Figure { bench, documents, metric, unit, value, goal } = figure;
    match form {
        Form::Json => println!("{}", serde_json::json!(figure)),
        Form::Table => {
            let verdict = match goal {
                Some(goal) if value <= goal => "held",
                Some(_) => "MISSED",
                None => "",
            };
            let goal = goal.map(|goal| format!("{goal} {unit}")).unwrap_or_default();
            row(bench, &documents.to_string(), metric, &format!("{value} {unit}"), &goal, verdict);
        }
    }
}

fn row(bench: &str, documents: &str, metric: &str, value: &str, goal: &str, verdict: &str) {
    let line = format!("{bench:<22} {documents:>10} {metric:<8} {value:>14} {goal:>10}  {verdict}");
    println!("{}", line.trim_end());
}

/// The middle and the slowest of a hundred.
pub(crate) fn quantiles(
    bench: &'static str,
    documents: u64,
    mut times: Vec<Duration>,
    goals: [Option<f64>; 2],
) -> Vec<Figure> {
    times.sort_unstable();
    let [middle, slow] = goals;
    [("p50", 50, middle), ("p99", 99, slow)]
        .into_iter()
        .map(|(metric, percent, goal)| {
            let at = (times.len().saturating_sub(1)) * percent / 100;
            let value = milliseconds(times.get(at).copied().unwrap_or_default());
            Figure { bench, documents, metric, unit: "ms", value, goal }
        })
        .collect()
}

/// Milliseconds with three places.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
