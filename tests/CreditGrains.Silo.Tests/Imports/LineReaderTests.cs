using System.Text;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.Tests.Imports;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\n\nb\n", "a||b")]
    [InlineData("\n", "")]
    [InlineData("a\rb\n", "a\rb")] // a carriage return alone is no line's end
    public void Lines_end_with_LF_or_CR_LF_or_the_file(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', Read(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Equal(["a", "b"], Read([0xEF, 0xBB, 0xBF, .. "a\nb"u8]));

    [Fact]
    public void A_stream_that_gives_one_byte_at_a_time_reads_the_same()
    {
        using var reader = new LineReader(new OneByteStream([.. "ab\r\ncd\n\nef"u8]));

        Assert.Equal(["ab", "cd", "", "ef"], Read(reader));
    }

    [Theory]
    [InlineData(LineReader.MaxLineBytes, false)]
    [InlineData(LineReader.MaxLineBytes + 1, true)]
    [InlineData(10_000_000, true)]
    public void A_line_beyond_the_limit_is_passed_over_and_the_next_one_read(int length, bool isTooLong)
    {
        byte[] bytes = [.. "first\n"u8, .. Enumerable.Repeat((byte)'x', length), .. "\nlast\n"u8];
        using var reader = new LineReader(new MemoryStream(bytes));

        Assert.True(reader.TryRead());
        Assert.True(reader.TryRead());
        Assert.Equal(isTooLong, reader.IsTooLong);
        Assert.Equal(isTooLong ? 0 : length, reader.Line.Length);
        Assert.True(reader.TryRead());
        Assert.Equal("last", Encoding.UTF8.GetString(reader.Line.Span));
        Assert.Equal(3, reader.LineNumber);
        Assert.False(reader.TryRead());
    }

    [Fact]
    public void A_file_that_is_one_endless_line_takes_bounded_memory()
    {
        using var reader = new LineReader(new EndlessStream(200_000_000));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(reader.TryRead());

        Assert.True(reader.IsTooLong);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * LineReader.MaxLineBytes);
        Assert.False(reader.TryRead());
    }

    private static List<string> Read(byte[] bytes)
    {
        using var reader = new LineReader(new MemoryStream(bytes));
        return Read(reader);
    }

    private static List<string> Read(LineReader reader)
    {
        var lines = new List<string>();
        while (reader.TryRead()) lines.Add(Encoding.UTF8.GetString(reader.Line.Span));
        return lines;
    }

    private sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }

    private sealed class EndlessStream(long length) : Stream
    {
        private long _left = length;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            buffer.AsSpan(offset, read).Fill((byte)'x');
            _left -= read;
            return read;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
