using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>A version of a model made ready to score vectors of characteristics. It never changes and any number of callers may use it at once.</summary>
public sealed class ScoringModel
{
    /// <summary>The most reasons that a score is given.</summary>
    public const int MaxReasons = 4;

    private readonly CompiledScorecard _card;
    private readonly int[] _inputs; // the place in a vector of each of the card's inputs
    private readonly FrozenDictionary<string, string> _words;
    private readonly (double Best, string? Code)[] _best; // of each characteristic
    private readonly ConcurrentBag<ScoreBuffer> _buffers = [];

    private ScoringModel(ModelVersion version, ScoreScale scale, CompiledScorecard card, int[] inputs, FrozenDictionary<string, string> words)
    {
        Version = version;
        Scale = scale;
        _card = card;
        _inputs = inputs;
        _words = words;
        _best = [.. card.Card.Characteristics.Select(characteristic => (
            characteristic.Attributes.Max(attribute => attribute.ComplexPartialScore is null ? attribute.PartialScore : double.NegativeInfinity),
            characteristic.ReasonCode ?? characteristic.Attributes[0].ReasonCode))];
    }

    /// <summary>Gets which version it is.</summary>
    public ModelVersion Version { get; }

    /// <summary>Gets what its points mean.</summary>
    public ScoreScale Scale { get; }

    /// <summary>Makes a version ready.</summary>
    /// <param name="version">Which.</param>
    /// <param name="document">Its document, already found sound.</param>
    /// <returns>The model; or why there is none, with the detail in words.</returns>
    public static (ScoringModel? Model, ModelRefusal? Refusal, string? Detail) Make(ModelVersion version, ReadModel document)
    {
        var card = document.Card;
        var compiled = CompiledScorecard.Of(card);
        if (ScorecardInputs.FirstBanned(compiled.Inputs) is { } banned) return (null, ModelRefusal.InputBanned, $"INPUT_BANNED: the input {banned.Input} asks for '{banned.Word}'.");
        foreach (var input in compiled.Inputs)
            if (Characteristics.Find(input) is null) return (null, ModelRefusal.InputUnknown, $"The input {input} is none of the catalogue's characteristics.");
        foreach (var field in card.Fields)
            if (field is { Usage: FieldUsage.Active, IsNumeric: false }) return (null, ModelRefusal.InputUnknown, $"The input {field.Name} is a text; every characteristic of the catalogue is a number.");
        if (!card.UseReasonCodes) return (null, ModelRefusal.ReasonsMissing, "The model is declared to give no reasons.");
        if (card.Scale is not { } scale) return (null, ModelRefusal.ScaleMissing, "The model does not say base points, base odds and points to double.");
        int[] inputs = [.. compiled.Inputs.Select(input => Characteristics.Find(input)!.Index)];
        return (new(version, scale, compiled, inputs, document.Words.ToFrozenDictionary(StringComparer.Ordinal)), null, null);
    }

    /// <summary>Scores a vector.</summary>
    /// <param name="vector">All characteristics, in the order of the catalogue.</param>
    /// <returns>Null if the model gives no score for it.</returns>
    public ModelScore? Score(ReadOnlySpan<double> vector)
    {
        Invariant.Holds(vector.Length == Characteristics.Count);
        Span<double> inputs = stackalloc double[Characteristics.Count];
        inputs = inputs[.._inputs.Length];
        for (var place = 0; place < inputs.Length; place++) inputs[place] = vector[_inputs[place]];
        if (!_buffers.TryTake(out var buffer)) buffer = _card.NewBuffer(MaxReasons);
        try
        {
            if (_card.Score(inputs, buffer) != ScoringOutcome.Scored) return null;
            return new(buffer.Score, ReasonsOf(buffer), MostHelpfulOf(buffer));
        }
        finally
        {
            _buffers.Add(buffer);
        }
    }

    /// <summary>Says a reason in plain words.</summary>
    /// <param name="code">One of the model's codes.</param>
    public string WordsOf(string code) => _words.GetValueOrDefault(code, code);

    /// <summary>Gives a digest of the version and the inputs it looks at: the first 128 bits of SHA-256 over name, version, and each input's bits, little-endian.</summary>
    /// <param name="vector">All characteristics, in the order of the catalogue.</param>
    public UInt128 DigestOf(ReadOnlySpan<double> vector)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int) + (Characteristics.Count * sizeof(double)) + 64];
        var length = Encoding.ASCII.GetBytes(Version.Model, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[length..], Version.Version);
        length += sizeof(int);
        foreach (var input in _inputs)
        {
            // One missing value is as good as another.
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[length..], double.IsNaN(vector[input]) ? double.NaN : vector[input]);
            length += sizeof(double);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static ImmutableArray<ScoreReason> ReasonsOf(ScoreBuffer buffer)
    {
        var costing = buffer.Reasons;
        while (costing is [.., { Points: <= 0 }]) costing = costing[..^1];
        return ImmutableCollectionsMarshal.AsImmutableArray(costing.ToArray());
    }

    private ScoreReason? MostHelpfulOf(ScoreBuffer buffer)
    {
        ScoreReason? most = null;
        for (var place = 0; place < _best.Length; place++)
        {
            var (best, code) = _best[place];
            var gain = best - buffer.PartialScores[place];
            if (gain > 0 && code is not null && (most is null || gain > most.Value.Points)) most = new(code, gain);
        }

        return most;
    }
}
