using System.Buffers.Binary;
using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging;

public sealed class FrameTests
{
    [Fact]
    public async Task A_frame_comes_back_as_it_was_sent()
    {
        using var stream = new MemoryStream();
        var writer = new FrameWriter(stream);
        writer.Write(new DerivativeBytes(3, "display", 10, 20, "image/jpeg", true), [1, 2, 3]);
        await writer.WriteAsync(new ListRequest(new("/r", [0xff, 0], ContainerKind.Zip, new(1, 2, 3)), ["*.png"], new(), 5), TestContext.Current.CancellationToken);
        stream.Position = 0;
        var reader = new FrameReader(stream);
        var first = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new DerivativeBytes(3, "display", 10, 20, "image/jpeg", true), first!.Value.Message);
        Assert.Equal([1, 2, 3], first.Value.Body.ToArray());
        var second = (ListRequest)(await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value.Message;
        Assert.Equal([0xff, 0], second.Place.Path);
        Assert.Equal(new SourceVersion(1, 2, 3), second.Place.Version);
        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Of the first that is not lent, the first and the last that is, and one that is too large for it.</summary>
    [Theory]
    [InlineData(79_999, false), InlineData(80_000, true), InlineData(4 << 20, true), InlineData((4 << 20) + 1, false)]
    public async Task The_memory_of_a_body_is_used_again_once_it_was_given_back_and_not_before(int length, bool again)
    {
        using var stream = new MemoryStream();
        for (byte number = 1; number <= 3; number++) new FrameWriter(stream).Write(new DataBytes(), Filled(number));
        stream.Position = 0;
        var reader = new FrameReader(stream);
        var first = await NextAsync();
        var second = await NextAsync();
        Assert.Equal(Filled(1), first.ToArray());
        Frames.GiveBack(first);
        var third = await NextAsync();
        Assert.Equal(Filled(2), second.ToArray());
        Assert.Equal(Filled(3), third.ToArray());
        Assert.Equal(again, first.Span == third.Span);

        async Task<ReadOnlyMemory<byte>> NextAsync() => (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value.Body;
        byte[] Filled(byte number) => [.. Enumerable.Repeat(number, length)];
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(Frames.MaxHeaderBytes + 1, 0)]
    [InlineData(2, -1)]
    [InlineData(2, Frames.MaxBodyBytes + 1)]
    public async Task Hostile_lengths_are_refused_before_anything_is_allocated(int header, int body)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(header, body, "{}"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
    }

    [Theory]
    [InlineData("{}"), InlineData("null"), InlineData("[1]"), InlineData("{\"type\":\"nothing\"}"), InlineData("{\"type\":\"list-end\""), InlineData("\0\0\0")]
    public async Task A_header_that_is_no_message_is_refused(string header) =>
        await Assert.ThrowsAnyAsync<Exception>(() => Read(header.Length, 0, header));

    [Fact]
    public async Task A_stream_that_ends_within_a_frame_is_told_from_one_that_ends()
    {
        using var cut = new MemoryStream([9, 0, 0]);
        await Assert.ThrowsAsync<EndOfStreamException>(() => new FrameReader(cut).ReadAsync(TestContext.Current.CancellationToken).AsTask());
        await Assert.ThrowsAsync<EndOfStreamException>(() => Read(100, 0, "{}"));
    }

    private static async Task<Frame?> Read(int headerLength, int bodyLength, string header)
    {
        var bytes = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, headerLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bodyLength);
        Encoding.UTF8.GetBytes(header).CopyTo(bytes, 8);
        using var stream = new MemoryStream(bytes);
        return await new FrameReader(stream).ReadAsync(TestContext.Current.CancellationToken);
    }
}
