namespace CreditGrains.Silo.Hosting;

/// <summary>Where the ledger's keys are, for a ledger in a shared store. A ledger in a folder has them there.</summary>
internal sealed class KeySettings
{
    /// <summary>Gets or sets the file with the key that citizens are named with: 64 hexadecimal digits.</summary>
    /// <value>No default. Relative to the settings file. <c>creditgrains keys FOLDER</c> makes one.</value>
    public string? Pseudonym { get; set; }

    /// <summary>Gets or sets the file with the key of the digests under which references are remembered: 32 hexadecimal digits.</summary>
    /// <value>No default. Relative to the settings file.</value>
    public string? Reference { get; set; }

    internal void ResolveAgainst(string folder)
    {
        Pseudonym = Pseudonym is null ? null : Path.GetFullPath(Pseudonym, folder);
        Reference = Reference is null ? null : Path.GetFullPath(Reference, folder);
    }
}
