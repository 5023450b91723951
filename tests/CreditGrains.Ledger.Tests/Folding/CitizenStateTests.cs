using System.Buffers;
using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class CitizenStateTests
{
    [Fact]
    public void A_file_of_nothing_says_so()
    {
        CitizenState state = new();
        var file = state.View(Samples.Citizen, new(2025, 1, 1), DateTimeOffset.UnixEpoch);

        Assert.Equal((Coverage.NoFile, 0L, null), (file.Coverage, file.Entries, file.Profile));
        Assert.Empty(file.Totals);
        Assert.Null(state.NewestOn);
        Assert.True(state.CanAnswer(DateOnly.MinValue));
    }

    [Fact]
    public void Any_day_of_the_calendar_can_be_asked_for()
    {
        Assert.Equal(Coverage.NoFile, new CitizenState().View(Samples.Citizen, DateOnly.MinValue, default).Coverage);
        Assert.Empty(PastFold.Fold([new(Samples.LoanOpened)], DateOnly.MinValue, 0).View(Samples.Citizen, DateOnly.MinValue, default).Tradelines);

        var last = PastFold.Fold([new(Samples.LoanOpened), new(Samples.Bought)]).View(Samples.Citizen, DateOnly.MaxValue, default);
        Assert.Equal(short.MaxValue, Assert.Single(last.Tradelines).Grid[0]);
    }

    [Fact]
    public void Traces_of_access_are_nothing_that_a_file_says()
    {
        CitizenState state = new();
        state.Apply(new(Samples.InquiryPermitted));
        state.Apply(new(Samples.InquiryRefused));

        Assert.Equal(0, state.Entries);
        Assert.Null(state.NewestOn);
        Assert.Equal(FileText.Of(new CitizenState().View(Samples.Citizen, new DateOnly(2026, 1, 1), default)), FileText.Of(state.View(Samples.Citizen, new DateOnly(2026, 1, 1), default)));
    }

    [Fact]
    public void Only_the_newest_day_and_later_ones_are_answered_from_the_state()
    {
        CitizenState state = new();
        state.Apply(new(Samples.PaymentMade));

        Assert.True(state.CanAnswer(Samples.PaymentMade.OccurredOn));
        Assert.False(state.CanAnswer(Samples.PaymentMade.OccurredOn.AddDays(-1)));
    }

    [Fact]
    public void A_file_is_thin_until_a_tradeline_is_six_months_old_and_again_when_nothing_is_reported()
    {
        // Opened on 31 March 2025. Six months on is 30 September; the last entry's month and five more are the months reported in.
        var state = PastFold.Fold([new(Samples.LoanOpened), new(Samples.LoanRepaid with { OccurredOn = new(2025, 9, 1) })]);

        Assert.Equal(Coverage.Thin, Of(new(2025, 9, 29)));
        Assert.Equal(Coverage.Scorable, Of(new(2025, 9, 30)));
        Assert.Equal(Coverage.Scorable, Of(new(2026, 2, 28)));
        Assert.Equal(Coverage.Thin, Of(new(2026, 3, 1)));
        Assert.Equal(Coverage.NoFile, PastFold.Fold([new(Samples.Linked)]).View(Samples.Citizen, new(2026, 1, 1), default).Coverage);

        Coverage Of(DateOnly asOf) => state.View(Samples.Citizen, asOf, default).Coverage;
    }

    [Fact]
    public void A_snapshot_changed_in_any_byte_or_cut_short_is_not_believed() => Histories.OfLength(60).Sample(
        attempts =>
        {
            var state = PastFold.Fold(Histories.Accepted(attempts));
            for (var index = 0ul; index < (ulong)attempts.Length; index++) state.References.Add(index * 77, index);
            ArrayBufferWriter<byte> writer = new();
            var length = state.WriteSnapshot(writer);
            Assert.Equal(length, writer.WrittenCount);
            var bytes = writer.WrittenSpan.ToArray();
            Assert.True(CitizenState.TryRestore(bytes, out var restored));
            Assert.True(restored.SameAs(state));
            Assert.True(restored.References.SameAs(state.References));
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] ^= 0x40;
                Assert.False(CitizenState.TryRestore(bytes, out _));
                bytes[at] ^= 0x40;
                Assert.False(CitizenState.TryRestore(bytes.AsSpan(0, at), out _));
            }
        },
        iter: 20);

    [Fact]
    public void A_state_that_gave_up_its_room_is_the_same_and_goes_on()
    {
        CitizenState roomy = new(), trimmed = new();
        foreach (var sample in EntryRulesTests.Good.Where(entry => !CorrectionRules.Concern(entry) && entry.Detail is not IdentityLink))
        {
            roomy.Apply(new(sample));
            roomy.References.Add((ulong)roomy.Entries, (ulong)roomy.Entries);
            trimmed.Apply(new(sample));
            trimmed.References.Add((ulong)trimmed.Entries, (ulong)trimmed.Entries);
            trimmed.Trim();
            Assert.True(trimmed.SameAs(roomy));
        }
    }

    [Fact]
    public void A_snapshots_bytes_are_those_of_its_version()
    {
        // A change of these bytes is a change of the fold's version: older builds read them, and newer ones must not.
        CitizenState state = new();
        foreach (var sample in EntryRulesTests.Good.Where(entry => !CorrectionRules.Concern(entry) && entry.Detail is not IdentityLink)) state.Apply(new(sample));
        state.References.Add(0x0102_0304_0506, 1);
        ArrayBufferWriter<byte> writer = new();
        state.WriteSnapshot(writer);

        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Folding", $"golden-snapshot-{CitizenState.FoldVersion}.txt")).Trim();
        Assert.Equal(golden, Convert.ToHexStringLower(writer.WrittenSpan));
        Assert.True(CitizenState.TryRestore(Convert.FromHexString(golden), out var restored));
        Assert.True(restored.SameAs(state));
    }
}
