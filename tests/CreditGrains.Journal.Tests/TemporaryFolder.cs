namespace CreditGrains.Journal.Tests;

/// <summary>A folder of its own for each test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly Lazy<string> _path = new(() => Directory.CreateTempSubdirectory("creditgrains-").FullName);

    /// <summary>Gets the folder, made on first use.</summary>
    internal string Path => _path.Value;

    public void Dispose()
    {
        if (_path.IsValueCreated) Directory.Delete(Path, recursive: true);
    }
}
