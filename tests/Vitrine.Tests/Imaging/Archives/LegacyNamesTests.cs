using System.Text;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>Names as archives of each language have them, written in its encoding and with no sign of it.</summary>
public sealed class LegacyNamesTests
{
    [Theory]
    [InlineData(932, "表紙.jpg"), InlineData(932, "第01話/001.jpg", "第02話/001.jpg"), InlineData(932, "ソース能.jpg"), InlineData(932, "ワンピース 第１巻/ページ01.png")]
    [InlineData(932, "東京の写真.jpg"), InlineData(932, "ｶﾀﾛｸﾞの表紙.jpg")]
    [InlineData(936, "封面.jpg", "第一页.jpg"), InlineData(936, "北京照片/长城.jpg"), InlineData(936, "漫画第3卷/第012页.png"), InlineData(936, "新建文件夹/图片1.jpg")]
    [InlineData(949, "표지.jpg", "쪽.jpg"), InlineData(949, "제1권/001.jpg"), InlineData(949, "사진/서울 여행.jpg"), InlineData(949, "만화 완결/그림.png")]
    [InlineData(437, "Grün/Über.jpg", "café.jpg"), InlineData(437, "Ænéas.jpg"), InlineData(437, "Straße.jpg"), InlineData(437, "Málaga_niño.jpg"), InlineData(437, "Übersicht.png")]
    public void Names_are_read_in_the_encoding_that_they_were_written_in(int page, params string[] names)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        var raw = names.Select(encoding.GetBytes).ToList();

        Assert.Equal(names, EntryNames.DecodeAll(raw));
        Assert.Equal(page, LegacyNames.EncodingOf(raw).CodePage);
    }

    [Fact]
    public void One_name_decides_for_all()
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        string[] names = ["亜.jpg", "第3話 夏休みのはじまり.jpg", "乙.jpg"];

        Assert.Equal(names, EntryNames.DecodeAll([.. names.Select(encoding.GetBytes)]));
    }

    [Fact]
    public void What_is_utf8_stays_utf8()
    {
        Assert.Equal("表紙.jpg", EntryNames.Decode(Encoding.UTF8.GetBytes("表紙.jpg")));
        Assert.Equal("plain.jpg", EntryNames.Decode("plain.jpg"u8.ToArray()));
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe, 0x41 }), InlineData(new byte[] { 0x81 }), InlineData(new byte[] { })]
    public void Bytes_of_no_language_are_shown_somehow(byte[] name) => Assert.NotNull(EntryNames.Decode(name));
}
