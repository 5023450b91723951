using System.Globalization;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Watches the room on the folder's volume. For the writer thread alone.</summary>
internal sealed class FreeSpace(string folder, RocksDbStoreOptions options)
{
    /// <summary>How often the volume is asked. At a gigabyte a second a tenth of one is written in between: far less than the reserve.</summary>
    private const long AskEveryMilliseconds = 100;

    private long _askAgainAt = long.MinValue;
    private string? _shortage;

    /// <summary>Gives why nothing can be written now; null if there is room.</summary>
    internal string? Shortage()
    {
        if (options.MinFreeBytes == 0) return null;
        if (_shortage is null && Environment.TickCount64 < _askAgainAt) return null;

        long free;
        try
        {
            free = options.FreeBytes(folder);
        }
        catch (Exception silent) when (silent is IOException or UnauthorizedAccessException)
        {
            return _shortage = $"The volume of {folder} does not say how much room it has: {silent.Message}";
        }

        _askAgainAt = Environment.TickCount64 + AskEveryMilliseconds;
        _shortage = free >= options.MinFreeBytes ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The disk is full: {folder} has {free >> 20} MiB left of a reserve of {options.MinFreeBytes >> 20} MiB. Writing goes on by itself once there is room.");
        return _shortage;
    }
}
