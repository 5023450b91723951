using System.Diagnostics;

namespace CreditGrains;

/// <summary>Waits for what happens in another process, or in a server, which tells nobody. Compiled into each suite.</summary>
/// <remarks>No wait is endless: a test that hangs says less than one that fails, and takes every suite after it along.</remarks>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Looks until it is so.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="isSo">Looks.</param>
    /// <param name="causes">What brings it about: once all of these have ended it cannot come any more, and the first failure of one is the test's.</param>
    internal static Task Is(string what, Func<bool> isSo, params Task[] causes) => Is(what, () => Task.FromResult(isSo()), causes);

    /// <inheritdoc cref="Is(string, Func{bool}, Task[])"/>
    internal static async Task Is(string what, Func<Task<bool>> isSo, params Task[] causes)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            // Asked first, so that what the last of them brought about is still seen.
            var failed = causes.FirstOrDefault(cause => cause.IsFaulted);
            var hasEnded = causes.Length > 0 && causes.All(cause => cause.IsCompleted);
            if (await isSo()) return;
            if (failed is not null) await failed;
            if (hasEnded) Xunit.Assert.Fail($"It ended without this: {what}.");
            if (waited.Elapsed > Patience) Xunit.Assert.Fail($"Not seen in {Patience.TotalSeconds:F0} s: {what}.");
            await Task.Delay(1, Xunit.TestContext.Current.CancellationToken);
        }
    }
}
