using System.Security.Cryptography;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>The files with a ledger's keys: hexadecimal digits, readable by their owner alone. They lie apart from journals.</summary>
/// <param name="PseudonymFile">The key that citizens are named with. It belongs to the bureau's front door; a silo of a cluster needs none.</param>
/// <param name="ReferenceFile">The key of the digests under which references are remembered. Every silo needs it.</param>
internal sealed record LedgerKeys(string? PseudonymFile, string ReferenceFile)
{
    internal const string PseudonymName = "pseudonym.key";
    internal const string ReferenceName = "reference.key";

    private const int ReferenceKeyBytes = 16;
    private const string Draft = ".new";

    /// <summary>Names the files of keys that lie in a folder.</summary>
    /// <param name="folder">The folder.</param>
    internal static LedgerKeys In(string folder) => new(Path.Combine(folder, PseudonymName), Path.Combine(folder, ReferenceName));

    /// <summary>Gets the names of the files, and of what an interrupted making may have left.</summary>
    internal IEnumerable<string> Files => [PseudonymFile!, PseudonymFile + Draft, ReferenceFile, ReferenceFile + Draft];

    /// <summary>Makes keys in a folder. Those that are there are kept.</summary>
    /// <param name="folder">Made if it is not there, for its owner alone.</param>
    /// <exception cref="LedgerNotOpenedException">The folder cannot be written.</exception>
    internal static LedgerKeys Create(string folder) => Guarded(() =>
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var keys = In(folder);
        Create(keys.PseudonymFile!, SubjectPseudonymizer.KeyLength);
        Create(keys.ReferenceFile, ReferenceKeyBytes);
        return keys;
    });

    /// <summary>Reads the key that citizens are named with.</summary>
    /// <param name="file">Its file.</param>
    /// <exception cref="LedgerNotOpenedException">It is missing, or is none.</exception>
    internal static SubjectPseudonymizer ReadPseudonymizer(string file) => new(Read(file, SubjectPseudonymizer.KeyLength, "PseudonymKeyMismatch: "));

    /// <summary>Reads the key of the digests.</summary>
    /// <exception cref="LedgerNotOpenedException">It is missing, or is none.</exception>
    internal byte[] ReadReferenceKey() => Read(ReferenceFile, ReferenceKeyBytes);

    /// <summary>Runs what touches files, and says what to do where it fails.</summary>
    internal static T Guarded<T>(Func<T> work)
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

    private static void Create(string file, int length)
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

    private static byte[] Read(string file, int length, string refusal = "") => Guarded(() =>
    {
        if (!File.Exists(file)) throw new LedgerNotOpenedException($"{refusal}The key file {file} is missing. Put it back from where keys are kept; nothing else can name the citizens of this ledger.");
        var text = File.ReadAllText(file).Trim();
        return text.Length == 2 * length && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw new LedgerNotOpenedException($"{refusal}The key file {file} does not hold {2 * length} hexadecimal digits. Put the right one back from where keys are kept.");
    });
}
