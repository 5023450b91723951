using System.Globalization;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary>How far a recording is.</summary>
/// <param name="Done">How much of the source has been read, from 0 to 1.</param>
/// <param name="Settled">How many things are done.</param>
/// <param name="Unit">What they are.</param>
internal readonly record struct ProgressLook(double Done, long Settled, string Unit = "entries");

/// <summary>Draws progress on standard error while something runs, if somebody looks.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs something and draws how far it is.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="terminal">Where to draw; null draws nothing.</param>
    /// <param name="title">What runs.</param>
    /// <param name="look">Tells how far it is. Called by another thread.</param>
    /// <param name="run">What to run.</param>
    public static async Task<T> WhileAsync<T>(Terminal? terminal, string title, Func<ProgressLook> look, Func<Task<T>> run)
    {
        if (terminal is not { ErrorIsScreen: true }) return await run();

        return await terminal.ProgressScreen().Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                var started = TimeProvider.System.GetTimestamp();
                using var timer = new PeriodicTimer(Redraw);
                var work = run();
                while (!work.IsCompleted)
                {
                    await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask());
                    var (done, settled, unit) = look();
                    var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
                    task.Value = done * task.MaxValue;
                    task.Description = string.Create(CultureInfo.InvariantCulture, $"{Markup.Escape(title)}  {settled:N0} {unit}  {settled / seconds:N0}/s");
                }

                return await work;
            });
    }
}
