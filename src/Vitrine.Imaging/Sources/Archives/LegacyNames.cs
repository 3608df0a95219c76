using System.Collections.Frozen;
using System.Text;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// Tells in which of the old encodings an archive's names were written, since nothing in it says so: CP437, Shift-JIS, GBK or EUC-KR. An encoding in which one of
/// the names cannot be is out. Of the others, that in which the characters are the likeliest wins: each has a weight by the block it stands in and by whether it is
/// among the commonest of its language; the sum over all names decides, and a draw goes to the first in the list. Wrong guesses are shown wrongly and
/// read rightly: an entry is found by its bytes.
/// </summary>
internal static class LegacyNames
{
    /// <summary>Names beyond so many say nothing new.</summary>
    private const int NamesAtMost = 1000;

    private const int Common = 6;
    private const int Usual = 2;
    private const int Rare = -2;
    private const int Odd = -6;

    private static readonly Encoding Cp437 = Get(437);

    private static readonly (Encoding Encoding, Func<ReadOnlySpan<byte>, int, int> Length, Func<int, char, int> Weight)[] Candidates =
    [
        (Get(932), ShiftJisLength, ShiftJisWeight),
        (Get(936), DoubleByteLength, GbkWeight),
        (Get(949), DoubleByteLength, KoreanWeight),
    ];

    /// <summary>The commonest characters of texts and of file names, each in no more than a line.</summary>
    private static readonly FrozenSet<char> CommonHanzi =
        "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生第集卷话章页封面图片照相册新版本全完漫画二三四五六七八九十".ToFrozenSet();

    private static readonly FrozenSet<char> CommonKanji = "第話巻日本人年月表紙漫画一二三四五六七八九十章頁大小上下中全完新版集写真".ToFrozenSet();

    private static readonly FrozenSet<char> CommonHangul =
        "이다는의가에을지고하도로기리사시인자어한대서나아라해그만일제장화권표상부정전주보스트쪽집본완결편사진그림만화".ToFrozenSet();

    public static Encoding EncodingOf(IReadOnlyList<byte[]> names)
    {
        var some = names.Count <= NamesAtMost ? names : [.. names.Take(NamesAtMost)];
        var (best, most) = (Cp437, some.Sum(Cp437Weight));
        foreach (var (encoding, length, weight) in Candidates)
        {
            if (Score(some, encoding, length, weight) is { } score && score > most) (best, most) = (encoding, score);
        }
        return best;
    }

    /// <summary>Null where a name is none in this encoding.</summary>
    private static int? Score(IReadOnlyList<byte[]> names, Encoding encoding, Func<ReadOnlySpan<byte>, int, int> length, Func<int, char, int> weight)
    {
        var sum = 0;
        Span<char> one = stackalloc char[4];
        foreach (var name in names)
        {
            for (var at = 0; at < name.Length;)
            {
                var bytes = length(name, at);
                if (bytes == 0 || at + bytes > name.Length) return null;
                if (name[at] >= 0x80)
                {
                    var chars = encoding.GetChars(name.AsSpan(at, bytes), one);
                    if (chars != 1 || one[0] is '\ufffd' or '?' || char.IsControl(one[0])) return null;
                    sum += weight(bytes == 1 ? name[at] : (name[at] << 8) | name[at + 1], one[0]);
                }
                at += bytes;
            }
        }
        return sum;
    }

    private static int ShiftJisLength(ReadOnlySpan<byte> name, int at) => name[at] switch
    {
        < 0x80 or (>= 0xa1 and <= 0xdf) => 1,
        >= 0x81 and <= 0x9f or >= 0xe0 and <= 0xfc => at + 1 < name.Length && name[at + 1] is >= 0x40 and not 0x7f and <= 0xfc ? 2 : 0,
        _ => 0,
    };

    private static int DoubleByteLength(ReadOnlySpan<byte> name, int at) => name[at] switch
    {
        < 0x80 => 1,
        >= 0x81 and <= 0xfe => at + 1 < name.Length && name[at + 1] is >= 0x40 and not 0x7f and <= 0xfe ? 2 : 0,
        _ => 0,
    };

    /// <summary>Kana say Japanese more than anything else; its half-width kana are what every pair of high bytes looks like.</summary>
    private static int ShiftJisWeight(int code, char c) => c switch
    {
        >= '\u3041' and <= '\u30fe' => Common,
        >= '\uff61' and <= '\uff9f' => Rare,
        _ when CommonKanji.Contains(c) => Common,
        _ => code switch
        {
            >= 0x824f and <= 0x829a or >= 0x8140 and <= 0x8197 => Usual,
            >= 0x889f and <= 0x9872 => Usual,
            >= 0x989f and <= 0x9ffc or >= 0xe040 and <= 0xeaa4 => Rare,
            _ => Odd,
        },
    };

    /// <summary>GB 2312's first level is sorted by use, its second is not, and what GBK adds is seldom written.</summary>
    private static int GbkWeight(int code, char c) => (code >> 8, code & 0xff) switch
    {
        _ when CommonHanzi.Contains(c) => Common,
        ( >= 0xb0 and <= 0xd7, >= 0xa1) => Usual,
        ( >= 0xa1 and <= 0xa3, >= 0xa1) => Usual,
        ( >= 0xd8 and <= 0xf7, >= 0xa1) => Rare,
        _ => Odd,
    };

    private static int KoreanWeight(int code, char c) => (code >> 8, code & 0xff) switch
    {
        _ when CommonHangul.Contains(c) => Common,
        ( >= 0xb0 and <= 0xc8, >= 0xa1) => Usual,
        ( >= 0xa1 and <= 0xa3, >= 0xa1) => Usual,
        ( >= 0xca and <= 0xfd, >= 0xa1) => Rare,
        _ => Odd,
    };

    /// <summary>An accented letter stands beside a letter, or another one, in a word; other high bytes of CP437 draw boxes and formulas.</summary>
    private static int Cp437Weight(byte[] name)
    {
        var sum = 0;
        for (var at = 0; at < name.Length; at++)
        {
            if (name[at] < 0x80) continue;
            var inWord = IsAccented(name[at]) && ((at > 0 && char.IsAsciiLetter((char)name[at - 1])) || (at + 1 < name.Length && char.IsAsciiLetter((char)name[at + 1])));
            sum += inWord ? Common : Odd;
        }
        return sum;
    }

    private static bool IsAccented(byte b) => b is (>= 0x80 and <= 0x9a) or (>= 0xa0 and <= 0xa5) or 0xe1;

    private static Encoding Get(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page)!;
}
