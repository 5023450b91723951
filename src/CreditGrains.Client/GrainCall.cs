namespace CreditGrains.Client;

/// <summary>Waiting for a grain that may be given up.</summary>
internal static class GrainCall
{
    /// <summary>Waits for a call until it is given up. What becomes of it afterwards concerns nobody, its failure included.</summary>
    internal static async Task<T> OrGivenUp<T>(this ValueTask<T> call, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled) return await call;
        var task = call.AsTask();
        try
        {
            return await task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // A failure that nobody looks at would be reported by the runtime as one that was forgotten.
            _ = task.ContinueWith(
                static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
