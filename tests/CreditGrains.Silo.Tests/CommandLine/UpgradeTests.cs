using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Silo.Tests.CommandLine;

/// <summary>When <c>upgrade finalize</c> puts a format in force, and what it waits for.</summary>
public sealed class UpgradeTests
{
    private static readonly SiloFormats Old = new("silo-1", Newest: 1, Written: 1);
    private static readonly SiloFormats Ready = new("silo-2", Newest: 2, Written: 1);
    private static readonly SiloFormats Done = new("silo-2", Newest: 2, Written: 2);
    private static readonly SiloFormats Silent = new("silo-3", Newest: null, Written: null);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_silo_that_does_not_read_the_new_format_or_does_not_answer_is_named_and_nothing_is_changed()
    {
        var formats = new FakeFormats(_ => [Old, Ready, Silent]);

        var run = await FinalizeAsync(formats);

        Assert.Equal(ExitCode.NotReady, run.Code);
        Assert.StartsWith("Format 2 is not put in force, and nothing is changed: silo-1 reads up to format 1, silo-3 does not answer.", run.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (formats.InForce, formats.Replaced));
    }

    [Fact]
    public async Task The_format_is_put_in_force_and_then_every_silo_is_waited_for()
    {
        var formats = new FakeFormats(times => times < 4 ? [Ready] : [Done]);

        var run = await FinalizeAsync(formats);

        Assert.Equal(0, run.Code);
        Assert.Equal((2, 1, 4), (formats.InForce, formats.Replaced, formats.Asked));
        Assert.Equal("""{"format":2,"newest":2,"final":true,"silos":[{"name":"silo-2","newest":2,"writes":2}]}""", run.Out.TrimEnd());
    }

    [Fact]
    public async Task Given_again_it_changes_nothing()
    {
        var formats = new FakeFormats(_ => [Done]);
        await FinalizeAsync(formats);

        Assert.Equal(0, (await FinalizeAsync(formats)).Code);

        Assert.Equal(1, formats.Replaced);
    }

    [Fact]
    public async Task A_silo_that_goes_on_in_the_old_format_is_named_when_patience_ends()
    {
        var formats = new FakeFormats(times => times == 1 ? [Ready] : [Ready, Silent]);

        var run = await FinalizeAsync(formats);

        Assert.Equal(ExitCode.NotReady, run.Code);
        Assert.Equal("Format 2 is in force, and after 120 seconds not written yet by silo-2, silo-3. Look at their logs, and give the command again.\n", run.Error);
        Assert.Equal(2, formats.InForce);
    }

    [Fact]
    public async Task Of_two_who_finalize_at_once_one_changes_the_manifest_and_both_are_told_that_it_is_done()
    {
        var formats = new FakeFormats(_ => [Done]) { LosesTo = 2 };

        Assert.Equal(0, (await FinalizeAsync(formats)).Code);
        Assert.Equal(2, formats.InForce);

        var other = new FakeFormats(_ => [Ready]) { LosesTo = 1 };
        Assert.Equal(ExitCode.NotReady, (await FinalizeAsync(other)).Code);
    }

    [Fact]
    public async Task Status_shows_every_silo()
    {
        var run = new CommandRun();
        run.Hosting.Formats = new FakeFormats(_ => [Old, Ready, Silent]);

        Assert.Equal(0, await run.RunAsync("upgrade", "status", "--config", "x"));

        Assert.Equal(
            """
            The ledger is written in format 1; this program knows format 2. When every silo reads it: creditgrains upgrade finalize.
              silo-1 reads up to format 1 and writes format 1
              silo-2 reads up to format 2 and writes format 1
              silo-3 does not answer

            """,
            run.Out);
    }

    private async Task<(int Code, string Out, string Error)> FinalizeAsync(FakeFormats formats)
    {
        var run = new CommandRun { Clock = _clock };
        run.Hosting.Formats = formats;
        var running = run.RunAsync("upgrade", "finalize", "--config", "x", "--json");
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(running, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return (await running, run.Out, run.Error);
    }

    /// <summary>A ledger in format 1 whose silos answer as told, by how often they have been asked.</summary>
    private sealed class FakeFormats(Func<int, SiloFormats[]> silos) : OpenFormats
    {
        internal int InForce { get; private set; } = 1;

        internal int Replaced { get; private set; }

        internal int Asked { get; private set; }

        /// <summary>What somebody else puts in force just before.</summary>
        internal int? LosesTo { get; init; }

        public override Task<FormatState> ReadAsync(CancellationToken cancellation) => Task.FromResult(new FormatState(InForce, 2, [.. silos(++Asked)]));

        public override Task<bool> ReplaceAsync(int format, CancellationToken cancellation)
        {
            InForce = LosesTo ?? format;
            if (LosesTo is null) Replaced++;
            return Task.FromResult(LosesTo is null);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
