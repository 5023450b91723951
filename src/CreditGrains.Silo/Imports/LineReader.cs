namespace CreditGrains.Silo.Imports;

/// <summary>Reads a file line by line as bytes, in bounded memory.</summary>
/// <remarks>
/// A line ends with LF or CR LF, or with the file. A byte order mark at the start is passed over. A line beyond
/// <see cref="MaxLineBytes"/> is passed over to its end and reported as too long; the next one is read as usual.
/// </remarks>
internal sealed class LineReader : IDisposable
{
    /// <summary>The longest line that is read, in bytes without its end.</summary>
    public const int MaxLineBytes = 1 << 20;

    private const int FirstBufferBytes = 1 << 17;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;  // of what is not yet given out
    private int _end;    // of what has been read
    private int _scanned; // no line break before this
    private bool _atEnd;
    private int _lineStart;
    private int _lineLength;

    /// <summary>Makes a reader over a stream, which it then owns.</summary>
    /// <param name="stream">What to read.</param>
    public LineReader(Stream stream) => _stream = stream;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Which.</param>
    /// <exception cref="ImportFileException">It is missing or cannot be read.</exception>
    public static LineReader Open(string path) => new(InputFile.Open(path));

    /// <summary>Gets the number of the line read last, from 1; 0 before the first.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Gets whether the line read last is beyond the limit and was passed over.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Gets how many bytes have been taken from the file.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Gets the line read last, without its end. Valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Line => _buffer.AsMemory(_lineStart, _lineLength);

    /// <summary>Reads the next line.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool TryRead()
    {
        IsTooLong = false;
        _lineLength = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (found >= 0)
            {
                Take(_scanned + found, next: _scanned + found + 1);
                return true;
            }

            _scanned = _end;
            if (_end - _start > MaxLineBytes + 1)
            {
                IsTooLong = true;
                _start = _scanned = _end = 0;
            }

            if (_atEnd || !Fill())
            {
                if (_end == _start && !IsTooLong) return false;
                Take(_end, next: _end);
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Take(int end, int next)
    {
        LineNumber++;
        _lineStart = _start;
        _lineLength = end - _start;
        if (_lineLength > 0 && _buffer[end - 1] == '\r') _lineLength--;
        if (_lineLength > MaxLineBytes) IsTooLong = true;
        if (IsTooLong) _lineLength = 0;
        _start = _scanned = next;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_end, _scanned, _start) = (_end - _start, _scanned - _start, 0);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = ReadStream();
        _atEnd = read == 0;
        if (BytesRead == 0 && _buffer.AsSpan(0, read).StartsWith("\uFEFF"u8)) _start = _scanned = 3;
        BytesRead += read;
        _end += read;
        return read > 0;
    }

    private int ReadStream()
    {
        try
        {
            return _stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (IOException reason)
        {
            throw new ImportFileException($"Reading stopped behind line {LineNumber}: {reason.Message} Run the same command again: it resumes.", reason);
        }
    }
}
