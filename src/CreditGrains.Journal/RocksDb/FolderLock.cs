using System.Diagnostics;
using System.Globalization;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Holds a ledger's folder for one process, and can say which process holds it.</summary>
/// <remarks>
/// The lock is a system lock on one file, so it ends with the process however that ends. Who holds it stands in a second file: the locked
/// one cannot be read by others while it is held. Both files stay behind and mean nothing once the lock is gone.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    internal const string LockFile = "creditgrains.lock";
    internal const string HolderFile = "creditgrains.holder";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Makes the folder if need be, closes it to other users, and locks it.</summary>
    /// <exception cref="StoreUnavailableException">Another process holds it, or it is no place for a ledger.</exception>
    internal static FolderLock Take(string folder)
    {
        try
        {
            Prepare(folder);
            var file = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                using var self = Process.GetCurrentProcess();
                File.WriteAllText(
                    Path.Combine(folder, HolderFile), string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} ({self.ProcessName})"));
                return new(file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (IOException taken) when (IsHeldByOther(folder))
        {
            throw new StoreUnavailableException($"{folder} is open in process {Holder(folder)}. Stop that process, or use another folder.", taken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{folder} cannot be used for a ledger: {refused.Message}", refused);
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Prepare(string folder)
    {
        var isNew = !Directory.Exists(folder);
        if (!isNew && !File.Exists(Path.Combine(folder, LockFile)) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException("it has files in it and is not a ledger's. Give an empty folder or a new one.");

        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else if (isNew) Directory.CreateDirectory(folder, OwnerOnly);
        else File.SetUnixFileMode(folder, OwnerOnly);
    }

    private static bool IsHeldByOther(string folder)
    {
        var path = Path.Combine(folder, LockFile);
        if (!File.Exists(path)) return false;
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string Holder(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, HolderFile));
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
