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
            Forget(task);
            throw;
        }
    }

    /// <summary>Looks at a call's failure, should it fail: one that nobody looks at would be reported by the runtime as forgotten.</summary>
    internal static void Forget(Task call) => _ = call.ContinueWith(
        static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
