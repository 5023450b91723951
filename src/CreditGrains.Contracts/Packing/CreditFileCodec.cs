using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace CreditGrains.Packing;

/// <summary>Sends a credit file as one field: its packed bytes behind their length.</summary>
/// <remarks>A file has some hundreds of values. Field by field, each with a header and a codec of its own, they took longer to write and to read than to work out.</remarks>
[RegisterSerializer]
internal sealed class CreditFileCodec : IFieldCodec<CreditFile>
{
    // Two years of ordinary life take about 900 bytes.
    private const int BufferBytes = 2_048;

    void IFieldCodec<CreditFile>.WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, CreditFile? value)
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value!)) return;
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(CreditFile), WireType.LengthPrefixed);
        var packed = new PackWriter(stackalloc byte[BufferBytes]);
        try
        {
            CreditFilePack.Write(ref packed, value!);
            writer.WriteVarUInt32((uint)packed.Written.Length);
            writer.Write(packed.Written);
        }
        finally
        {
            packed.Dispose();
        }
    }

    CreditFile IFieldCodec<CreditFile>.ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<CreditFile, TInput>(ref reader, field)!;
        field.EnsureWireType(WireType.LengthPrefixed);
        var length = reader.ReadVarUInt32();
        reader.EnsureAvailable(length);
        if (!reader.TryReadBytes((int)length, out var bytes)) bytes = reader.ReadBytes(length);
        var file = CreditFilePack.Read(bytes);
        ReferenceCodec.RecordObject(reader.Session, file);
        return file;
    }
}

/// <summary>Hands a file on as it is: nobody can change it.</summary>
[RegisterCopier]
internal sealed class CreditFileCopier : ShallowCopier<CreditFile>;
