using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using Orleans.Serialization.WireProtocol;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>What a file is after Orleans has sent it: the same; and what is not a file is refused.</summary>
public sealed class CreditFilePackTests : IDisposable
{
    private static readonly DateTimeOffset Instant = new(2026, 6, 30, 12, 34, 56, TimeSpan.FromHours(2));

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly Serializer<CreditFile> _serializer;

    public CreditFilePackTests() => _serializer = _services.GetRequiredService<Serializer<CreditFile>>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Any_file_arrives_as_it_was_sent() =>
        Files.Any.Sample(file => Assert.Equal(TextOf(file), TextOf(_serializer.Deserialize(_serializer.SerializeToArray(file)))));

    [Fact]
    public void The_file_of_any_history_arrives_as_it_was_sent() => Histories.OfLength(60).Sample(
        attempts =>
        {
            CitizenState state = new();
            foreach (var stored in Histories.Accepted(attempts)) state.Apply(stored);
            var file = state.View(Histories.Citizen(0), Histories.Today, Instant);

            var arrived = _serializer.Deserialize(_serializer.SerializeToArray(file))!;

            Assert.Equal(FileText.Of(file), FileText.Of(arrived));
            Assert.Equal(TextOf(file), TextOf(arrived));
        },
        iter: 300);

    [Fact]
    public void An_answer_with_a_file_arrives_as_it_was_sent()
    {
        var serializer = _services.GetRequiredService<Serializer<ReadAnswer<CreditFile>>>();
        var untyped = _services.GetRequiredService<Serializer>();
        Files.Any.Sample(
            file =>
            {
                ReadAnswer<CreditFile> answer = new(ReadStatus.Answered, file, "a field");
                Assert.Equal(TextOf(answer), TextOf(serializer.Deserialize(serializer.SerializeToArray(answer))));
                Assert.Equal(TextOf(answer), TextOf(untyped.Deserialize<object>(untyped.SerializeToArray<object>(answer))));
            },
            iter: 300);
    }

    [Fact]
    public void An_answer_without_a_file_arrives_as_it_was_sent()
    {
        var serializer = _services.GetRequiredService<Serializer<ReadAnswer<CreditFile>>>();
        ReadAnswer<CreditFile> answer = new(ReadStatus.BadRequest, null, "asOf");

        Assert.Equal(answer, serializer.Deserialize(serializer.SerializeToArray(answer)));
    }

    [Fact]
    public void The_same_file_sent_twice_in_one_message_arrives_as_one()
    {
        var serializer = _services.GetRequiredService<Serializer<CreditFile[]>>();
        var (one, other) = (Files.Any.Single(), Files.Any.Single());

        var arrived = serializer.Deserialize(serializer.SerializeToArray([one, other, one, null!, other]))!;

        Assert.Equal(TextOf(one), TextOf(arrived[0]));
        Assert.Equal(TextOf(other), TextOf(arrived[1]));
        Assert.Same(arrived[0], arrived[2]);
        Assert.Null(arrived[3]);
        Assert.Same(arrived[1], arrived[4]);
    }

    [Fact]
    public void A_file_that_is_handed_on_within_a_silo_is_not_copied()
    {
        var file = Files.Any.Single();

        Assert.Same(file, _services.GetRequiredService<DeepCopier>().Copy(file));
    }

    [Fact]
    public void A_file_that_lies_in_many_buffers_arrives_as_it_was_sent() => Files.Any.Sample(
        file => Assert.Equal(TextOf(file), TextOf(_serializer.Deserialize(Scattered(_serializer.SerializeToArray(file))))),
        iter: 100);

    [Fact]
    public void A_file_that_arrived_equals_its_copies_and_not_another() => Files.Any.Sample(file =>
    {
        var message = _serializer.SerializeToArray(file with { Totals = [new(default, EntryKind.PaymentMade, [new(1, 2)])] });
        var arrived = _serializer.Deserialize(message)!;
        var copy = arrived with { };
        var changed = arrived with { Totals = [] };

        Assert.Equal(arrived, copy);
        Assert.Equal(arrived.GetHashCode(), copy.GetHashCode());
        Assert.Equal(arrived, arrived with { Totals = arrived.Totals });
        Assert.NotEqual(arrived, changed);
        Assert.Empty(changed.Totals);
        Assert.True(arrived.Categories == changed.Categories);
        Assert.NotEqual(arrived, _serializer.Deserialize(message));
    }, iter: 100);

    [Fact]
    public void All_who_look_at_a_file_at_once_see_the_same_totals()
    {
        var message = _serializer.SerializeToArray(Files.Any.Single() with { Totals = [new(default, EntryKind.PaymentMade, [new(1, 2)])] });
        for (var round = 0; round < 200; round++)
        {
            var arrived = _serializer.Deserialize(message)!;
            var seen = new System.Collections.Concurrent.ConcurrentBag<System.Collections.Immutable.ImmutableArray<KindTotals>>();
            Parallel.For(0, 4, _ => seen.Add(arrived.Totals));
            Assert.Single(seen.Distinct());
        }
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused() => Files.Any.Sample(
        file =>
        {
            var packed = PackedOf(file);
            for (var length = 0; length < packed.Length; length++) Assert.Throws<SerializerException>(() => TextOf(Read(packed.AsSpan(0, length))));
            Assert.Throws<SerializerException>(() => TextOf(Read([.. packed, 0])));
        },
        iter: 30);

    [Fact]
    public void A_message_cut_short_anywhere_is_refused()
    {
        var message = _serializer.SerializeToArray(Files.Any.Single());

        for (var length = 0; length < message.Length; length++) Assert.ThrowsAny<Exception>(() => _serializer.Deserialize(message.AsMemory(0, length)));
    }

    [Fact]
    public void A_file_of_another_form_is_refused_by_its_number()
    {
        var packed = PackedOf(Files.Any.Single());
        Assert.Equal(1, packed[0]);
        foreach (var version in new byte[] { 0, 2, 255 })
        {
            packed[0] = version;
            var refusal = Assert.Throws<SerializerException>(() => Read(packed));
            Assert.Contains($"form {version}", refusal.Message, StringComparison.Ordinal);
        }
    }

    // A count of 2^40 behind a head that is whole: room for it must not be asked for.
    [Fact]
    public void A_count_beyond_the_bytes_is_refused_before_anything_is_allocated()
    {
        var empty = PackedOf(new() { Citizen = default, AsOf = default, KnownAt = default });
        byte[] count = [0b0010_0000, 0, 0, 0, 0, 64];
        for (var at = empty.Length - 5; at < empty.Length; at++)
        {
            byte[] packed = [.. empty.AsSpan(0, at), .. count, .. new byte[64]];
            Assert.Throws<SerializerException>(() => TextOf(Read(packed)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<SerializerException>(() => TextOf(Read(packed)));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        }
    }

    [Fact]
    public void Bytes_of_any_kind_are_a_file_or_refused() => Gen.Select(Files.Any, Gen.Int[0, 10_000], Gen.Byte).Sample(
        (file, at, value) =>
        {
            var packed = PackedOf(file);
            packed[at % packed.Length] = value;
            try
            {
                _ = TextOf(Read(packed));
            }
            catch (SerializerException)
            {
                // The other thing that may become of it.
            }
        },
        iter: 2_000);

    private byte[] PackedOf(CreditFile file)
    {
        using var session = _services.GetRequiredService<SerializerSessionPool>().GetSession();
        var reader = Reader.Create(_serializer.SerializeToArray(file), session);
        var field = reader.ReadFieldHeader();
        Assert.Equal(WireType.LengthPrefixed, field.WireType);
        return reader.ReadBytes(reader.ReadVarUInt32());
    }

    private CreditFile Read(ReadOnlySpan<byte> packed)
    {
        var pool = _services.GetRequiredService<SerializerSessionPool>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var session = pool.GetSession())
        {
            var writer = Writer.Create(buffer, session);
            writer.WriteFieldHeader(0, typeof(CreditFile), typeof(CreditFile), WireType.LengthPrefixed);
            writer.WriteVarUInt32((uint)packed.Length);
            writer.Write(packed);
            writer.Commit();
        }

        return _serializer.Deserialize(buffer.WrittenMemory)!;
    }

    private static ReadOnlySequence<byte> Scattered(byte[] bytes)
    {
        var first = new Piece(bytes.AsMemory(0, 1), null);
        var last = first;
        for (var at = 1; at < bytes.Length; at += 7) last = new Piece(bytes.AsMemory(at, Math.Min(7, bytes.Length - at)), last);
        return new(first, 0, last, last.Memory.Length);
    }

    /// <summary>Everything that a value says, property by property, whatever its own equality leaves out.</summary>
    private static string TextOf(object? value)
    {
        StringBuilder text = new();
        Say(value);
        return text.ToString();

        void Say(object? some)
        {
            switch (some)
            {
                case null:
                    text.Append("null");
                    break;

                case string or Currency or Enum:
                    text.Append('\'').Append(some is Currency currency ? currency.Number.ToString(CultureInfo.InvariantCulture) : some).Append('\'');
                    break;

                case DateTimeOffset instant:
                    text.Append(instant.Ticks).Append('+').Append(instant.Offset);
                    break;

                case IFormattable simple:
                    text.Append(simple.ToString(null, CultureInfo.InvariantCulture));
                    break;

                case bool truth:
                    text.Append(truth);
                    break;

                case IEnumerable when some.GetType().GetProperty("IsDefault")!.GetValue(some) is true:
                    text.Append("default");
                    break;

                case IEnumerable many:
                    text.Append('[');
                    foreach (var one in many) Say(one);
                    text.Append(']');
                    break;

                default:
                    text.Append('{');
                    foreach (var property in some.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
                    {
                        text.Append(property.Name).Append(':');
                        Say(property.GetValue(some, BindingFlags.DoNotWrapExceptions, null, null, null));
                        text.Append(' ');
                    }

                    text.Append('}');
                    break;
            }
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        internal Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
