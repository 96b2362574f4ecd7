"""The planner's cost and the backend's CPU time of each query."""


def costs(server, scored):
    return {number: server.plan(text)['Total Cost'] for number, text in scored.items()}


def cpu_seconds(server, scored, rounds, progress):
    """The best of some executions after one that fills the caches."""
    best = {}
    for number, text in scored.items():
        server.rows(text)
        times = []
        for _ in range(rounds):
            before = server.cpu_seconds()
            server.rows(text)
            times.append(server.cpu_seconds() - before)
        best[number] = min(times)
        progress(f'query {number}: {best[number]:.3f} s')
    return best
