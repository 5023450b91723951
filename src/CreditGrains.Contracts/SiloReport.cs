namespace CreditGrains;

/// <summary>Where a silo stands in its cluster.</summary>
/// <remarks>The numbers are on the wire. They are never reused.</remarks>
public enum SiloState : byte
{
    /// <summary>It is starting and owns nothing yet.</summary>
    Joining = 1,

    /// <summary>It is one of the cluster.</summary>
    Active = 2,

    /// <summary>It is leaving: it finishes what it has accepted and releases its partitions.</summary>
    Draining = 3,

    /// <summary>It has left, or was given up by the others. Its partitions are theirs.</summary>
    Gone = 4,
}

/// <summary>A silo as the others know it.</summary>
/// <param name="Name">Its name, the same after a restart.</param>
/// <param name="Address">Where the other silos reach it, as ADDRESS:PORT.</param>
/// <param name="State">Where it stands. A silo that died is <see cref="SiloState.Active"/> until the others have noticed.</param>
[GenerateSerializer, Immutable, Alias("cg.SiloMember")]
public sealed record SiloMember([property: Id(0)] string Name, [property: Id(1)] string Address, [property: Id(2)] SiloState State);

/// <summary>A silo as it sees itself. "Lately" is the last ten seconds, or since its start if that is shorter.</summary>
[GenerateSerializer, Immutable, Alias("cg.SiloReport")]
public sealed record SiloReport
{
    /// <summary>Gets its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Gets where the other silos reach it, as ADDRESS:PORT.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>Gets where it stands.</summary>
    [Id(2)]
    public required SiloState State { get; init; }

    /// <summary>Gets when it started, by its own clock.</summary>
    [Id(3)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets the version of its program.</summary>
    [Id(4)]
    public required string Version { get; init; }

    /// <summary>Gets how many partitions it has claimed and not lost or released. A silo alone with its store claims one when a citizen of it is first called.</summary>
    [Id(5)]
    public required int PartitionsOwned { get; init; }

    /// <summary>Gets how many partitions the cluster's map gives to it, claimed or not.</summary>
    [Id(6)]
    public required int PartitionsAssigned { get; init; }

    /// <summary>Gets how many citizens are in its memory.</summary>
    [Id(7)]
    public required long ActiveCitizens { get; init; }

    /// <summary>Gets how many entries it has made durable since its start.</summary>
    [Id(8)]
    public required long Entries { get; init; }

    /// <summary>Gets how many batches it has made durable since its start.</summary>
    [Id(9)]
    public required long Commits { get; init; }

    /// <summary>Gets the entries made durable a second, lately.</summary>
    [Id(10)]
    public required double EntriesPerSecond { get; init; }

    /// <summary>Gets the batches made durable a second, lately.</summary>
    [Id(11)]
    public required double CommitsPerSecond { get; init; }

    /// <summary>Gets how long half of the commits took at most, lately, with an error of an eighth; null if there was none.</summary>
    [Id(12)]
    public required TimeSpan? CommitLatencyP50 { get; init; }

    /// <summary>Gets how long 99 of 100 commits took at most, lately, with an error of an eighth; null if there was none.</summary>
    [Id(13)]
    public required TimeSpan? CommitLatencyP99 { get; init; }

    /// <summary>Gets the records of a batch, on average, lately; 0 if there was no batch.</summary>
    [Id(14)]
    public required double RecordsPerCommit { get; init; }

    /// <summary>Gets how many records wait for a batch now, over all its partitions.</summary>
    [Id(15)]
    public required long QueuedRecords { get; init; }

    /// <summary>Gets how many partitions another silo has taken from it without its release, since its start.</summary>
    [Id(16)]
    public required long FenceLosses { get; init; }

    /// <summary>Gets how many records it has turned away since its start because too much was waiting.</summary>
    [Id(17)]
    public required long Overloads { get; init; }

    /// <summary>Gets how many entries it has refused since its start, whatever for.</summary>
    [Id(18)]
    public required long Refusals { get; init; }

    /// <summary>Gets the process's memory that is in use, in bytes.</summary>
    [Id(19)]
    public required long WorkingSetBytes { get; init; }

    /// <summary>Gets how much of that is on the managed heap, in bytes.</summary>
    [Id(20)]
    public required long HeapBytes { get; init; }

    /// <summary>Gets the processor time that its process has used since it began.</summary>
    [Id(21)]
    public required TimeSpan ProcessorTime { get; init; }

    /// <summary>Gets the newest format of records that it reads.</summary>
    [Id(22)]
    public required int NewestFormat { get; init; }

    /// <summary>Gets the format that it writes new records in.</summary>
    [Id(23)]
    public required int WrittenFormat { get; init; }
}
