using System.Text;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Files;

/// <summary>What /proc/self/mountinfo says of the mount under a path.</summary>
public static class Mounts
{
    public static MountIdentity Of(string path) => Of(path, File.ReadLines("/proc/self/mountinfo"));

    /// <summary>The innermost mount whose point contains the path; of several on one point the last, which covers the others.</summary>
    public static MountIdentity Of(string path, IEnumerable<string> mountInfo)
    {
        var full = Path.GetFullPath(path);
        var (longest, found) = (-1, new MountIdentity("", ""));
        foreach (var line in mountInfo)
        {
            // 36 35 98:0 /root /point options [optional …] - type source super-options
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-", 6 <= fields.Length ? 6 : fields.Length);
            if (dash < 0 || dash + 2 >= fields.Length) continue;
            var point = Unescape(fields[4]);
            if (point.Length < longest || !Contains(point, full)) continue;
            (longest, found) = (point.Length, new(SourceOf(Unescape(fields[dash + 2]), Unescape(fields[3])), fields[dash + 1]));
        }
        return found;
    }

    /// <summary>A bind mount or a subvolume shows another part of the same device: that part belongs to its identity.</summary>
    private static string SourceOf(string source, string root) => root == "/" ? source : $"{source}[{root}]";

    private static bool Contains(string point, string path) =>
        point == "/" || path == point || path.StartsWith($"{point}/", StringComparison.Ordinal);

    /// <summary>Space, tab, newline and backslash are written as three octal digits after a backslash.</summary>
    private static string Unescape(string field)
    {
        if (!field.Contains('\\')) return field;
        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)(((field[i + 1] - '0') * 64) + ((field[i + 2] - '0') * 8) + (field[i + 3] - '0')));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }
        return text.ToString();
    }
}
