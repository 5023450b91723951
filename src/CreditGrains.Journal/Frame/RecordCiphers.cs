using System.Diagnostics;
using System.Security.Cryptography;

namespace CreditGrains.Journal;

/// <summary>How bodies and snapshots are kept. The numbers are on disk.</summary>
public enum CipherSuite : byte
{
    /// <summary>A 16-byte random salt, then the payload as it is. The salt keeps a digest that outlives its body from being guessed back.</summary>
    Plain = 0,

    /// <summary>AES-256-GCM: a 12-byte random nonce, the ciphertext, a 16-byte tag.</summary>
    AesGcm = 1,
}

/// <summary>Enciphers and deciphers under one key. May be used from any thread.</summary>
public interface IRecordCipher
{
    /// <summary>Gets the suite.</summary>
    CipherSuite Suite { get; }

    /// <summary>Gets which key, as it is written in the record's header; zero under <see cref="CipherSuite.Plain"/>.</summary>
    uint KeyId { get; }

    /// <summary>Gets by how many bytes the stored form is longer than the payload.</summary>
    int Overhead { get; }

    /// <summary>Enciphers a payload.</summary>
    /// <param name="payload">What to keep.</param>
    /// <param name="associated">What the result is bound to: the same bytes are needed to open it.</param>
    /// <param name="stored">Where to write: exactly the payload's length plus <see cref="Overhead"/>.</param>
    void Seal(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associated, Span<byte> stored);

    /// <summary>Deciphers what <see cref="Seal"/> wrote.</summary>
    /// <param name="stored">The stored form, at least <see cref="Overhead"/> bytes.</param>
    /// <param name="associated">What it was bound to.</param>
    /// <returns>The payload, which may share memory with <paramref name="stored"/>; null if it does not open.</returns>
    ReadOnlyMemory<byte>? Open(ReadOnlyMemory<byte> stored, ReadOnlySpan<byte> associated);
}

/// <summary>Gives the cipher for a subject's records. Keys live apart from journals and never in their backups.</summary>
public interface ICipherKeys
{
    /// <summary>Gives the cipher that new records of a journal are sealed with.</summary>
    /// <param name="journal">The journal.</param>
    IRecordCipher Current(JournalId journal);

    /// <summary>Finds the cipher that a record was sealed with.</summary>
    /// <param name="suite">The suite in its header.</param>
    /// <param name="keyId">The key id in its header.</param>
    /// <param name="journal">The journal it lies in.</param>
    /// <returns>The cipher; null if that key is gone for good.</returns>
    IRecordCipher? Find(CipherSuite suite, uint keyId, JournalId journal);
}

/// <summary>Suite 0: keeps payloads as they are, each behind its own random salt.</summary>
/// <param name="random">Where salts come from.</param>
public sealed class PlainCipher(RandomSource random) : IRecordCipher
{
    /// <summary>The length of the salt, in bytes.</summary>
    public const int SaltBytes = 16;

    /// <inheritdoc/>
    public CipherSuite Suite => CipherSuite.Plain;

    /// <inheritdoc/>
    public uint KeyId => 0;

    /// <inheritdoc/>
    public int Overhead => SaltBytes;

    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associated, Span<byte> stored)
    {
        Invariant.Holds(stored.Length == payload.Length + SaltBytes);
        random.Fill(stored[..SaltBytes]);
        payload.CopyTo(stored[SaltBytes..]);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Open(ReadOnlyMemory<byte> stored, ReadOnlySpan<byte> associated) => stored[SaltBytes..];
}

/// <summary>Suite 1: AES-256-GCM with a random nonce for each body.</summary>
/// <remarks>
/// The nonce is never made from the sequence: a sequence is used again after a commit that was not written, and a nonce must not be.
/// With random nonces one key may seal four thousand million bodies; keys of a single citizen stay far below that.
/// </remarks>
public sealed class AesGcmCipher : IRecordCipher, IDisposable
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    internal const int OverheadBytes = NonceBytes + TagBytes;

    private readonly RandomSource _random;
    private readonly AesGcm _aes;
    private readonly Lock _gate = new(); // one native context, which two threads must not share

    /// <summary>Makes a cipher.</summary>
    /// <param name="keyId">The key's id, as it is written in headers.</param>
    /// <param name="key">Exactly <see cref="KeyBytes"/> bytes; copied.</param>
    /// <param name="random">Where nonces come from.</param>
    public AesGcmCipher(uint keyId, ReadOnlySpan<byte> key, RandomSource random)
    {
        if (key.Length != KeyBytes) throw new ArgumentException($"A key of suite 1 is {KeyBytes} bytes.", nameof(key));
        KeyId = keyId;
        _random = random;
        _aes = new AesGcm(key, TagBytes);
    }

    /// <inheritdoc/>
    public CipherSuite Suite => CipherSuite.AesGcm;

    /// <inheritdoc/>
    public uint KeyId { get; }

    /// <inheritdoc/>
    public int Overhead => OverheadBytes;

    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associated, Span<byte> stored)
    {
        Invariant.Holds(stored.Length == payload.Length + Overhead);
        var nonce = stored[..NonceBytes];
        _random.Fill(nonce);
        lock (_gate) _aes.Encrypt(nonce, payload, stored[NonceBytes..^TagBytes], stored[^TagBytes..], associated);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Open(ReadOnlyMemory<byte> stored, ReadOnlySpan<byte> associated)
    {
        var from = stored.Span;
        var payload = GC.AllocateUninitializedArray<byte>(from.Length - Overhead);
        try
        {
            lock (_gate) _aes.Decrypt(from[..NonceBytes], from[NonceBytes..^TagBytes], from[^TagBytes..], payload, associated);
            return payload;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        lock (_gate) _aes.Dispose();
    }
}

/// <summary>Suite 0 for everybody: no keys to keep.</summary>
/// <param name="random">Where salts come from.</param>
public sealed class PlainKeys(RandomSource random) : ICipherKeys
{
    private readonly PlainCipher _cipher = new(random);

    /// <inheritdoc/>
    public IRecordCipher Current(JournalId journal) => _cipher;

    /// <inheritdoc/>
    public IRecordCipher? Find(CipherSuite suite, uint keyId, JournalId journal) => suite == CipherSuite.Plain ? _cipher : null;
}

/// <summary>One key of suite 1 for everybody. Records of suite 0, written before there was a key, still open.</summary>
public sealed class SingleKey : ICipherKeys, IDisposable
{
    private readonly PlainCipher _plain;
    private readonly AesGcmCipher _cipher;

    /// <summary>Holds a key.</summary>
    /// <param name="keyId">The key's id, as it is written in headers.</param>
    /// <param name="key">Exactly <see cref="AesGcmCipher.KeyBytes"/> bytes; copied.</param>
    /// <param name="random">Where nonces come from.</param>
    public SingleKey(uint keyId, ReadOnlySpan<byte> key, RandomSource random)
    {
        _plain = new(random);
        _cipher = new(keyId, key, random);
    }

    /// <inheritdoc/>
    public IRecordCipher Current(JournalId journal) => _cipher;

    /// <inheritdoc/>
    public IRecordCipher? Find(CipherSuite suite, uint keyId, JournalId journal) => suite switch
    {
        CipherSuite.Plain => _plain,
        CipherSuite.AesGcm => keyId == _cipher.KeyId ? _cipher : null,
        _ => throw new UnreachableException($"Suite {suite} was let through by the frame."),
    };

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _cipher.Dispose();
}
