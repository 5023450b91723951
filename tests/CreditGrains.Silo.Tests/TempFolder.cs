using System.Text;

namespace CreditGrains.Silo.Tests;

/// <summary>A folder of one test's own, removed with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("creditgrains-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
