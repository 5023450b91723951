namespace CreditGrains.Benchmarks;

/// <summary>What the command line asks to be measured.</summary>
internal sealed record BenchOptions(IReadOnlyList<string> Scenarios, string? Store, bool Json, int Rounds, string? Program)
{
    internal const int DefaultRounds = 5;

    internal static readonly string[] Ledger = ["record-bulk", "record-single", "hot", "read-file", "read-file-past", "cold-start", "memory", "import-berka"];
    internal static readonly string[] Score = ["score", "points", "characterise", "score-nation"];
    internal static readonly string[] Cluster = ["scale-cost", "tls-cost"];

    private static readonly string[] OnServers = ["record-bulk", "record-single"];
    private static readonly string[] Stores = [StoreUnderTest.RocksDb, StoreUnderTest.Azurite, StoreUnderTest.Postgres];

    internal static readonly string Usage =
        $"""
        usage: scripts/bench [--scenario NAMES-OR-GROUPS] [--store {string.Join('|', Stores)}] [--rounds N] [--json]
        scenarios, in the group 'ledger', which is the default: {string.Join(", ", Ledger)}
                   in the group 'score': {string.Join(", ", Score)}
                   in the group 'cluster': {string.Join(", ", Cluster)}
        On azurite and postgres there are {string.Join(" and ", OnServers)}; scale-cost takes postgres if it can be had, else azurite; all others are measured on rocksdb.
        """;

    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or what is wrong with it.</returns>
    internal static (BenchOptions? Options, string? Fault) Parse(string[] args)
    {
        var (scenarios, store, json, rounds, program) = ((IReadOnlyList<string>?)null, (string?)null, false, DefaultRounds, (string?)null);
        for (var place = 0; place < args.Length; place++)
        {
            switch (args[place])
            {
                case "--scenario" when place + 1 < args.Length:
                    scenarios = [.. args[++place].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(Named)];
                    break;
                case "--store" when place + 1 < args.Length:
                    store = args[++place];
                    break;
                case "--rounds" when place + 1 < args.Length && int.TryParse(args[place + 1], out var asked) && asked > 0:
                    (rounds, place) = (asked, place + 1);
                    break;
                case "--program" when place + 1 < args.Length:
                    program = args[++place];
                    break;
                case "--json":
                    json = true;
                    break;
                default:
                    return (null, $"'{args[place]}' is not understood.");
            }
        }

        if (store is not null && !Stores.Contains(store)) return (null, $"There is no store '{store}'.");
        var isServer = store is not null and not StoreUnderTest.RocksDb;
        scenarios ??= isServer ? OnServers : Ledger;
        foreach (var scenario in scenarios)
        {
            if (!Ledger.Contains(scenario) && !Score.Contains(scenario) && !Cluster.Contains(scenario)) return (null, $"There is no scenario '{scenario}'.");
            if (isServer && !OnServers.Contains(scenario) && scenario != "scale-cost") return (null, $"{scenario} is measured on rocksdb alone.");
            if (store == StoreUnderTest.RocksDb && scenario == "scale-cost") return (null, "scale-cost needs a store that silos share: azurite or postgres.");
        }

        return (new(scenarios, store, json, rounds, program), null);
    }

    private static IEnumerable<string> Named(string name) => name switch
    {
        "ledger" => Ledger,
        "cluster" => Cluster,
        "score" => Score,
        _ => [name],
    };
}
