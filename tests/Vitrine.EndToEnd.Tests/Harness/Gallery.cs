using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Harness;

/// <summary>Looks at everything that the API shows of a library, as a person with endless patience would.</summary>
internal static partial class Gallery
{
    private static readonly Dictionary<string, int?> Edges = new() { ["thumbnail"] = 320, ["medium"] = 1080, ["display"] = 1920, ["full"] = null };

    public static async Task<List<Json>> ImagesAsync(Api api)
    {
        var images = new List<Json>();
        foreach (var collection in await api.AllAsync("collections"))
        {
            var found = await api.AllAsync($"collections/{collection["id"]}/images");
            Assert.Equal(collection["images"].Number, found.Count);
            images.AddRange(found);
        }
        return images;
    }

    /// <summary>
    /// Every image is there once and ready; each derivative is a whole picture, shows what its own original shows, and is not larger
    /// than its preset.
    /// </summary>
    public static async Task CheckAsync(Api api, IEnumerable<int> numbers, params string[] presets)
    {
        var images = await ImagesAsync(api);
        var seen = new List<int>();
        foreach (var image in images)
        {
            Assert.True(image["state"].Text == "ready", image.ToString());
            var original = Pictures.Read(await api.BytesAsync($"images/{image["id"]}/original"), out var width, out var height);
            Assert.Equal((width, height), ((int)image["width"].Number, (int)image["height"].Number));
            if (Numbered().Match(image["name"].Text) is { Success: true } name) Assert.Equal(int.Parse(name.Groups[1].Value, CultureInfo.InvariantCulture), original);
            foreach (var preset in presets) await CheckAsync(api, image, preset, original, Math.Max(width, height));
            seen.Add(original);
        }
        Assert.Equal(numbers.Order(), seen.Order());
    }

    /// <summary>A picture that may have to be made first: asks again as long as the answer is 202.</summary>
    public static async Task<byte[]> PictureAsync(Api api, string url)
    {
        var (bytes, _) = await Eventually.FindAsync($"the picture {url}", TimeSpan.FromSeconds(5), async () =>
        {
            using var response = await api.SendAsync(HttpMethod.Get, url);
            if (response.StatusCode == HttpStatusCode.Accepted) return null;
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{url}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return await response.Content.ReadAsByteArrayAsync();
        });
        return bytes;
    }

    private static async Task CheckAsync(Api api, Json image, string preset, int expected, int originalEdge)
    {
        var url = image["urls"][preset].Text;
        Assert.Contains("v=", url, StringComparison.Ordinal);
        var shown = Pictures.Read(await api.BytesAsync(url), out var width, out var height);
        Assert.True(shown == expected, $"{url} of {image["name"]} shows picture {shown}, and its original is {expected}.");
        Assert.Equal(Math.Min(originalEdge, Edges[preset] ?? int.MaxValue), Math.Max(width, height));
    }

    [GeneratedRegex(@"p(\d{5})\.\w+$")]
    private static partial Regex Numbered();
}
