namespace CreditGrains.Journal.Tests.Formats;

public sealed class LedgerFormatsTests
{
    [Fact]
    public void What_is_written_changes_among_the_formats_that_are_read()
    {
        var formats = new LedgerFormats(written: 1);
        Assert.Equal((1, LedgerFormats.NewestKnown), (formats.Written, formats.Newest));

        formats.Write(2);

        Assert.Equal(2, formats.Written);
        Assert.Throws<ArgumentOutOfRangeException>(() => formats.Write(LedgerFormats.NewestKnown + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => formats.Write(0));
        Assert.Equal(2, formats.Written);
    }

    [Fact]
    public void A_build_held_back_reads_and_writes_the_older_format_alone()
    {
        var formats = new LedgerFormats(written: 1, newest: 1);

        Assert.True(formats.Reads(1));
        Assert.False(formats.Reads(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => formats.Write(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LedgerFormats(written: 2, newest: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LedgerFormats(written: 1, newest: LedgerFormats.NewestKnown + 1));
    }
}
