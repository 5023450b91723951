namespace CreditGrains.Journal.Tests.Backup;

/// <summary>A backup's folder in memory, on a machine that stops at the step that a test says.</summary>
internal sealed class MemoryFiles : IBackupFiles
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private int? _stepsLeft;

    /// <summary>Gets how many steps were taken: files begun, written to, made durable, renamed and removed.</summary>
    internal int Steps { get; private set; }

    internal Dictionary<string, byte[]> Files
    {
        get
        {
            lock (_gate) return new(_files);
        }
    }

    /// <summary>The machine stops after so many more steps.</summary>
    internal void StopAfter(int steps) => _stepsLeft = steps;

    /// <summary>The machine is up again, with what was on the disk.</summary>
    internal void Revive() => _stepsLeft = null;

    internal void Put(string name, byte[]? bytes)
    {
        lock (_gate)
        {
            if (bytes is null) _files.Remove(name);
            else _files[name] = bytes;
        }
    }

    internal MemoryFiles Copy()
    {
        var copy = new MemoryFiles();
        foreach (var (name, bytes) in Files) copy.Put(name, bytes);
        return copy;
    }

    public IReadOnlyList<string> Names()
    {
        lock (_gate) return [.. _files.Keys];
    }

    public Stream OpenRead(string name)
    {
        lock (_gate) return _files.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : throw new FileNotFoundException(name);
    }

    public IBackupDraft Create(string name)
    {
        lock (_gate)
        {
            Step();
            _files[name + IBackupFiles.DraftSuffix] = [];
        }

        return new Draft(this, name);
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            Step();
            _files.Remove(name);
        }
    }

    private void Step(Action? half = null)
    {
        Steps++;
        if (_stepsLeft is not { } left) return;
        if (left <= 0)
        {
            if (left == 0) half?.Invoke();
            _stepsLeft = -1;
            throw new MachineStoppedException();
        }

        _stepsLeft = left - 1;
    }

    private sealed class Draft(MemoryFiles files, string name) : IBackupDraft
    {
        private readonly MemoryStream _written = new();

        private string DraftName => name + IBackupFiles.DraftSuffix;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            lock (files._gate)
            {
                files.Step(() => files._files[DraftName] = [.. _written.ToArray(), .. bytes.Span[..(bytes.Length / 2)]]);
                _written.Write(bytes.Span);
                files._files[DraftName] = _written.ToArray();
            }

            return default;
        }

        public void Publish()
        {
            lock (files._gate)
            {
                // What was written and not synced is lost at will.
                files.Step(() => files._files[DraftName] = files._files[DraftName][..(files._files[DraftName].Length / 3)]);
                files._files[name] = _written.ToArray();
                files._files.Remove(DraftName);
                files.Step();
            }
        }

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>The machine stopped: whoever hears this is dead.</summary>
internal sealed class MachineStoppedException : Exception;
