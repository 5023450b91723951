using System.Security.Cryptography;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger's folder: the journals in one folder of their own, and beside them, never in their backups, the keys.</summary>
internal sealed class LedgerFolder(string path)
{
    private const int ReferenceKeyBytes = 16;
    private const string Draft = ".new";

    /// <summary>Gets the folder of the journals.</summary>
    internal string Journal => Path.Combine(path, "journal");

    /// <summary>Gets the file with the key that citizens are named with.</summary>
    internal string PseudonymKeyFile => Path.Combine(path, "pseudonym.key");

    /// <summary>Gets the file with the key of the digests under which references are remembered.</summary>
    internal string ReferenceKeyFile => Path.Combine(path, "reference.key");

    /// <summary>Gets whether a ledger has been made here.</summary>
    internal bool Exists => Directory.Exists(Journal);

    /// <summary>Makes the folder and its keys, readable by their owner alone. What is there is kept.</summary>
    internal void Create()
    {
        Guarded(() =>
        {
            // A ledger that has lost a key gets no other: nothing in it could be found again under that.
            if (Exists) return true;

            // Someone's folder with other things in it does not become a ledger by a slip of the pen. What an earlier making left is ours.
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Except([PseudonymKeyFile, PseudonymKeyFile + Draft, ReferenceKeyFile, ReferenceKeyFile + Draft]).Any())
                throw new UsageException($"The folder {path} is not empty and holds no ledger. Name an empty or a new one.");

            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            CreateKey(PseudonymKeyFile, SubjectPseudonymizer.KeyLength);
            CreateKey(ReferenceKeyFile, ReferenceKeyBytes);
            return true;
        });
    }

    /// <summary>Reads the key that citizens are named with.</summary>
    internal SubjectPseudonymizer ReadPseudonymizer() => ReadPseudonymizer(PseudonymKeyFile);

    /// <summary>Reads a key that citizens are named with from any file.</summary>
    internal static SubjectPseudonymizer ReadPseudonymizer(string file) => new(ReadKey(file, SubjectPseudonymizer.KeyLength, "PseudonymKeyMismatch: "));

    /// <summary>Reads the key of the digests.</summary>
    internal byte[] ReadReferenceKey() => ReadKey(ReferenceKeyFile, ReferenceKeyBytes);

    private static void CreateKey(string file, int length)
    {
        if (File.Exists(file)) return;
        var key = RandomNumberGenerator.GetBytes(length);

        // Under another name first, so that a crash leaves no half of a key under the right one.
        var draft = file + Draft;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file);
    }

    private static byte[] ReadKey(string file, int length, string refusal = "") => Guarded(() =>
    {
        if (!File.Exists(file)) throw new LedgerNotOpenedException($"{refusal}The key file {file} is missing. Put it back from where keys are kept; nothing else can name the citizens of this ledger.");
        var text = File.ReadAllText(file).Trim();
        return text.Length == 2 * length && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw new LedgerNotOpenedException($"{refusal}The key file {file} does not hold {2 * length} hexadecimal digits. Put the right one back from where keys are kept.");
    });

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LedgerNotOpenedException($"{failure.Message} Check the path and who may read and write it.", failure);
        }
    }
}
