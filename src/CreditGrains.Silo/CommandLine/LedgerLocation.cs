namespace CreditGrains.Silo.CommandLine;

/// <summary>Where a ledger is: in a folder of this machine, or behind a silo that runs already.</summary>
internal abstract record LedgerLocation
{
    private LedgerLocation() { }

    /// <summary>A ledger kept in a folder and served by this process.</summary>
    /// <param name="Path">The folder, absolute.</param>
    /// <param name="Settings">The file with the silo's settings; null for the defaults.</param>
    internal sealed record Folder(string Path, string? Settings = null) : LedgerLocation
    {
        /// <inheritdoc/>
        public override string ToString() => Path;
    }

    /// <summary>A ledger in the store that settings name, shared by the silos of a cluster.</summary>
    /// <param name="Settings">The file with a silo's settings.</param>
    /// <param name="TlsFolder">The folder with a caller's certificate, absolute; null leaves it to the environment, then to the settings.</param>
    internal sealed record Shared(string Settings, string? TlsFolder = null) : LedgerLocation
    {
        /// <inheritdoc/>
        public override string ToString() => Settings;
    }

    /// <summary>A ledger served by silos that run already.</summary>
    /// <param name="Host">A host name or an address.</param>
    /// <param name="Port">The port of the silo's gateway, from 1 to 65,535.</param>
    /// <param name="KeyFile">The file with the pseudonym key, absolute; null leaves it to the environment.</param>
    /// <param name="TlsFolder">The folder with <c>authority.pem</c>, <c>caller.pem</c> and <c>caller.key</c>, absolute; null leaves it to the environment.</param>
    /// <param name="IsPlainText">Whether to connect without TLS, for development.</param>
    /// <param name="Settings">The file with a silo's settings, for the cluster's name; null for the default.</param>
    internal sealed record Endpoint(string Host, int Port, string? KeyFile, string? TlsFolder = null, bool IsPlainText = false, string? Settings = null) : LedgerLocation
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Host}:{Port}";
    }
}
