using System.Runtime.InteropServices;

namespace CreditGrains.Journal;

/// <summary>A backup's folder on disk: held by one writer, or by readers.</summary>
/// <remarks>
/// The content of a file is synced before it is renamed, and the folder after, so that a name found after a power cut has its whole content
/// behind it. A backup holds people's records as the store does: the folder, if made here, and its files are readable by their owner alone.
/// </remarks>
internal sealed partial class BackupFolder : IBackupFiles, IDisposable
{
    private const string LockFile = "backup.lock";

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream? _lock;

    private BackupFolder(string path, FileStream? held)
    {
        _path = path;
        _lock = held;
    }

    /// <summary>Opens a folder to back up into, and makes it if it is not there.</summary>
    /// <exception cref="BackupRefusedException">Another run uses it, or it holds something else than a backup.</exception>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    internal static BackupFolder OpenToWrite(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.GetFullPath(folder);
        if (!Directory.Exists(path)) Make(path);

        var file = Path.Combine(path, LockFile);
        if (!File.Exists(file) && Directory.EnumerateFileSystemEntries(path).Any(entry => !IsOurs(Path.GetFileName(entry))))
            throw new BackupRefusedException(BackupRefusal.NotABackup, $"{path} has files in it that are not a backup's. Give an empty folder or a new one.");

        return new(path, Hold(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>Opens a folder to restore from. It may lie on a medium that cannot be written to.</summary>
    /// <exception cref="BackupRefusedException">A backup is being written there, or there is none.</exception>
    internal static BackupFolder OpenToRead(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.GetFullPath(folder);
        if (!Directory.Exists(path)) throw new BackupRefusedException(BackupRefusal.NotABackup, $"There is no folder {path}.");

        // A copy of a backup may come without the lock file: nobody writes there.
        var held = File.Exists(Path.Combine(path, LockFile)) ? Hold(path, FileMode.Open, FileAccess.Read, FileShare.Read) : null;
        return new(path, held);
    }

    public IReadOnlyList<string> Names() =>
        [.. Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)).Where(name => name != LockFile)];

    public Stream OpenRead(string name) => new FileStream(
        Path.Combine(_path, name), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.SequentialScan });

    public IBackupDraft Create(string name) => new Draft(Path.Combine(_path, name), _path);

    public void Delete(string name) => File.Delete(Path.Combine(_path, name));

    public void Dispose() => _lock?.Dispose();

    private static FileStream Hold(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new(Path.Combine(path, LockFile), mode, access, share);
        }
        catch (IOException taken) when (taken is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new BackupRefusedException(BackupRefusal.InUse, $"{path} is used by another backup or restore. Wait for it, or give another folder.", taken);
        }
    }

    private static bool IsOurs(string name) =>
        name == BackupManifest.FileName || name.EndsWith(IBackupFiles.DraftSuffix, StringComparison.Ordinal) || SegmentHeader.TryParse(name, out _);

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, FolderMode);
        if (Path.GetDirectoryName(path) is { } parent) SyncFolder(parent);
    }

    /// <summary>Makes the names in a folder durable. Windows has no such call; its file systems keep a journal of names.</summary>
    private static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = OpenFile(path, 0);
        if (folder < 0) throw new IOException($"{path} cannot be opened to be synced: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            // Some network file systems know no sync of a folder and say so by this number; names there are as durable as the server makes them.
            if (SyncFile(folder) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw new IOException($"{path} cannot be synced: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = CloseFile(folder);
        }
    }

    private const int InvalidArgument = 22;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int file);

    private sealed class Draft : IBackupDraft
    {
        private readonly string _file;
        private readonly string _folder;
        private readonly FileStream _stream;

        internal Draft(string file, string folder)
        {
            _file = file;
            _folder = folder;
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode0600;
            _stream = new(file + IBackupFiles.DraftSuffix, options);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _stream.WriteAsync(bytes, cancellation);

        public void Publish()
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_file + IBackupFiles.DraftSuffix, _file, overwrite: true);
            SyncFolder(_folder);
        }

        public ValueTask DisposeAsync() => _stream.DisposeAsync();
    }
}
