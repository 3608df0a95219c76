using System.Text.Json.Serialization;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Settings;

/// <summary>What <see cref="ISettingStore"/> keeps as more than a word.</summary>
[JsonSerializable(typeof(Installation.Identity))]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(TuningValues))]
internal sealed partial class SettingJson : JsonSerializerContext;
