namespace CreditGrains.Client;

/// <summary>Waiting for a grain that may be given up.</summary>
internal static class GrainCall
{
    /// <summary>Waits for a call until it is given up. What becomes of it afterwards concerns nobody, its failure included.</summary>
    internal static ValueTask<T> OrGivenUp<T>(this ValueTask<T> call, CancellationToken cancellation) =>
        cancellation.CanBeCanceled ? new(UntilGivenUpAsync(call.AsTask(), cancellation)) : call;

    private static async Task<T> UntilGivenUpAsync<T>(Task<T> task, CancellationToken cancellation)
    {
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
