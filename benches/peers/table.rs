//! Prints the table and what has to be known about it.

use crate::measure::Row;

/// The first lines of the table.
pub fn head() {
    println!("| policy | engine | load, ms | ns a decision | least | most | decisions a second | compared |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
}

/// One line of the table.
pub fn row(policy: &str, row: &Row) {
    let all = &row.nanoseconds;
    let (least, median, most) = (all[0], all[all.len() / 2], all[all.len() - 1]);
    let (compared, of) = row.compared;
    println!(
        "| {policy} | {} | {:.1} | {} | {} | {} | {} | {} of {} |",
        row.name,
        row.load.as_secs_f64() * 1e3,
        grouped(median),
        grouped(least),
        grouped(most),
        grouped(1e9 / median),
        compared,
        of,
    );
}

/// With a comma between each three digits.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What stands under the table.
pub fn notes() {
    println!("{NOTES}");
}

const NOTES: &str = "
TODO";
