namespace CreditGrains;

/// <summary>The names of the grain types on the wire, and how their keys are made.</summary>
public static class GrainTypes
{
    /// <summary>The type of <see cref="ICitizenGrain"/>.</summary>
    public const string Citizen = "citizen";

    /// <summary>The type of <see cref="IPartitionGrain"/>.</summary>
    public const string Partition = "partition";

    /// <summary>The type of <see cref="IModelRegisterGrain"/>.</summary>
    public const string ModelRegister = "models";

    /// <summary>The type of <see cref="ILedgerGrain"/>.</summary>
    public const string Ledger = "ledger";

    /// <summary>The type of <see cref="ISiloGrain"/>.</summary>
    public const string Silo = "silo";

    /// <summary>The type of <see cref="IClusterGrain"/>.</summary>
    public const string Cluster = "cluster";

    /// <summary>Gives the key of a partition's grain: the text of the lowest citizen id in it.</summary>
    /// <param name="partition">The partition, from 0.</param>
    /// <param name="partitionCount">How many there are: a power of two from 1 to 65,536.</param>
    public static string PartitionKey(int partition, int partitionCount) =>
        new CitizenId(partitionCount == 1 ? 0 : (ulong)partition << (64 - System.Numerics.BitOperations.Log2((uint)partitionCount)), 0).ToString();
}
