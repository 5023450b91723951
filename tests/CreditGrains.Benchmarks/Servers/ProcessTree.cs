using System.Globalization;

namespace CreditGrains.Benchmarks;

/// <summary>A process and all that it started.</summary>
internal static class ProcessTree
{
    // proc(5), counted from the field behind the name, which may hold spaces: the parent, then user and system time of the process, and
    // of children that have ended and were waited for.
    private const int Parent = 1, FirstTime = 11, Times = 4;

    // sysconf(_SC_CLK_TCK), which Linux has fixed for programs.
    private const int TicksPerSecond = 100;

    /// <summary>Sums the processor time of a process and its descendants, ended ones included; null where there is no <c>/proc</c>.</summary>
    internal static TimeSpan? ProcessorTime(int root)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var parents = new Dictionary<int, (int Parent, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Fields(folder) is { } fields)
                parents[id] = (int.Parse(fields[Parent], CultureInfo.InvariantCulture), fields[FirstTime..(FirstTime + Times)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }

        var ticks = parents.Where(process => IsUnder(process.Key)).Sum(process => process.Value.Ticks);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

        bool IsUnder(int id)
        {
            while (id != root && parents.TryGetValue(id, out var process)) id = process.Parent;
            return id == root;
        }
    }

    private static string[]? Fields(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // it has ended since it was listed; its parent has its time
        }
    }
}
