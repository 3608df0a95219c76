using System.Buffers.Binary;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Formats.Jpeg;

/// <summary>What the pipeline must know of a JPEG before any of it is decoded.</summary>
/// <param name="Progressive">Its coefficients are all held in memory while it is decoded.</param>
/// <param name="Quality">Estimated from the luminance table, 1 to 100; null where there is none.</param>
/// <param name="IsPicture">Of a kind that shows a picture: 8 bits, baseline, extended or progressive. Sensor data is kept in lossless ones.</param>
internal sealed record JpegHeader(int Width, int Height, int Components, bool Progressive, int? Quality, bool IsPicture)
{
    private const int MaxSegments = 10_000;
    private const byte StartOfScan = 0xda;
    private const byte QuantizationTables = 0xdb;

    /// <exception cref="RefusedException">There is no frame header before the first scan.</exception>
    public static JpegHeader Parse(ReadOnlySpan<byte> bytes) => Find(bytes) ?? throw RefusedException.Corrupt("The JPEG has no frame header with a size.");

    /// <summary>Null where there is no frame header with a size before the first scan.</summary>
    public static JpegHeader? Find(ReadOnlySpan<byte> bytes)
    {
        JpegHeader? header = null;
        int? quality = null;
        var at = 2;
        for (var i = 0; i < MaxSegments && NextSegment(bytes, ref at, out var marker, out var body); i++)
        {
            if (marker == StartOfScan) break;
            if (marker == QuantizationTables) quality ??= JpegQuality.OfTables(body);
            if (IsFrameHeader(marker) && body.Length >= 6)
            {
                var height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
                var width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
                header ??= new(width, height, body[5], (marker & 3) == 2, null, body[0] == 8 && marker is >= 0xc0 and <= 0xc2);
            }
        }
        return header is { Width: > 0, Height: > 0 } ? header with { Quality = quality } : null;
    }

    /// <summary>Goes to the next segment, past fill bytes and what libjpeg would pass over too.</summary>
    internal static bool NextSegment(ReadOnlySpan<byte> bytes, ref int at, out byte marker, out ReadOnlySpan<byte> body)
    {
        marker = 0;
        body = default;
        while (at + 4 <= bytes.Length && (bytes[at] != 0xff || bytes[at + 1] is 0 or 0xff or (>= 0xd0 and <= 0xd9) or 1)) at++;
        if (at + 4 > bytes.Length) return false;
        marker = bytes[at + 1];
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        if (length < 2 || at + 2 + length > bytes.Length) return false;
        body = bytes.Slice(at + 4, length - 2);
        at += 2 + length;
        return true;
    }

    /// <summary>SOF0 to SOF15, without DHT (C4), JPG (C8) and DAC (CC), which stand among them.</summary>
    private static bool IsFrameHeader(byte marker) => marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc);
}
