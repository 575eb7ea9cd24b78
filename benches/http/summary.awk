# One line of a table out of rounds: nanoseconds a request of topicgate and of the bare handler, requests a second of both.
function sort(values, count,    i, j, held) {
    for (i = 2; i <= count; i++) {
        held = values[i]
        for (j = i - 1; j > 0 && values[j] > held; j--) values[j + 1] = values[j]
        values[j + 1] = held
    }
}
function median(values, count) { return (values[int((count + 1) / 2)] + values[int(count / 2) + 1]) / 2 }
{ ours[NR] = $1 / 1000; bare[NR] = $2 / 1000; ratio[NR] = $1 / $2; our_rate[NR] = $3; bare_rate[NR] = $4 }
END {
    sort(ours, NR); sort(bare, NR); sort(ratio, NR); sort(our_rate, NR); sort(bare_rate, NR)
    printf "| %s | %d | %.2f | %.2f | %.3f | %.3f | %.3f | %.3f | %d | %d |\n", subject, connections, ours[1], bare[1],
        ours[1] / bare[1], median(ratio, NR), ratio[1], ratio[NR], our_rate[NR], bare_rate[NR]
}
