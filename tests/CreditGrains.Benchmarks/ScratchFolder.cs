namespace CreditGrains.Benchmarks;

/// <summary>A folder that goes away with the scenario. On the same disk as the working folder, never on a memory disk.</summary>
internal sealed class ScratchFolder : IDisposable
{
    internal string Path { get; } = System.IO.Path.Combine(Environment.CurrentDirectory, ".artifacts", "bench", Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
