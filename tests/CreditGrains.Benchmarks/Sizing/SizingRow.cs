namespace CreditGrains.Benchmarks;

/// <summary>What a nation needs if so many of its citizens are in memory.</summary>
/// <param name="ResidentShare">The share of citizens in memory, from 0 to 1.</param>
/// <param name="MemoryGiB">Memory for them, all silos together.</param>
/// <param name="MeanProcessors">Processors that silos keep busy on the mean.</param>
/// <param name="PeakProcessors">Processors of silos, so that the planned share of them is busy at the peak.</param>
/// <param name="Silos">Machines for them: as many as the processors or the memory ask for, whichever are more.</param>
/// <param name="DatabaseProcessors">Processors of databases, likewise; null where entries were not recorded on PostgreSQL.</param>
/// <param name="Databases">Machines for them.</param>
/// <param name="Accounts">Storage accounts in their place.</param>
/// <param name="AccountPartitions">The fewest partitions on which the accounts take the peak.</param>
internal sealed record SizingRow(
    double ResidentShare, double MemoryGiB, double MeanProcessors, double PeakProcessors, int Silos, double? DatabaseProcessors, int? Databases, int Accounts, int AccountPartitions)
{
    private const double Gibibyte = 1L << 30;
    private const double Microseconds = 1e6;

    /// <summary>The formulas, as the help prints them.</summary>
    internal const string Formulas =
        """
        For each share s of citizens in memory, with what was measured in CAPITALS (processor time of silos unless it says otherwise):
          entry            = ENTRY + (1 - s) ACTIVATION              an entry meets any citizen alike, and one that is not in memory is read first
          inquiry          = READ + SINGLE ENTRY + (1 - s) ACTIVATION    a file is read, and that it was read is recorded
          memory           = s citizens CITIZEN'S BYTES
          mean processors  = mean entries entry + mean inquiries inquiry
          peak processors  = (peak entries entry + mean inquiries inquiry) / busy share
          silos            = the larger of peak processors / processors of a machine, and memory / memory of a machine
          database processors = peak entries SERVER'S TIME AN ENTRY / busy share;  databases = those / processors of a machine
          accounts         = peak entries ROWS AN ENTRY / rows a second of an account;  partitions likewise, by those of a partition
          ROWS AN ENTRY    = records an entry (1 + 1 / records a batch)
        ENTRY, SINGLE ENTRY, SERVER and ROWS come from record-bulk and record-single on a shared store, READ from read-file, ACTIVATION from cold-start,
        CITIZEN'S BYTES from memory. Entries are taken to come in bulk. Reading a citizen from a shared store costs the database besides: not in here.
        """;

    internal static SizingRow Of(Nation nation, Measured measured, double share)
    {
        var absent = (1 - share) * measured.Activation;
        var inquiries = nation.Inquiries * (measured.Read + measured.SingleEntry + absent);
        var peak = ((nation.PeakEntries * (measured.Entry + absent)) + inquiries) / Microseconds / nation.BusyShare;
        var memory = share * nation.Citizens * measured.CitizenBytes / Gibibyte;
        var database = measured.Store == StoreUnderTest.Postgres ? nation.PeakEntries * measured.Server / Microseconds / nation.BusyShare : null;
        var rows = nation.PeakEntries * measured.RowsPerEntry;
        return new(
            share,
            memory,
            ((nation.MeanEntries * (measured.Entry + absent)) + inquiries) / Microseconds,
            peak,
            (int)Math.Ceiling(Math.Max(peak / nation.Processors, memory / nation.MemoryGiB)),
            database,
            database is { } busy ? (int)Math.Ceiling(busy / nation.Processors) : null,
            (int)Math.Ceiling(rows / nation.AccountRows),
            (int)Math.Ceiling(rows / nation.PartitionRows));
    }
}
