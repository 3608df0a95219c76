using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Vitrine.Core;
using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;
using Vitrine.Core.Schedules;
using Vitrine.Core.Shares;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;
using Vitrine.Server.Alerts;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Cli;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Health;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;
using Vitrine.Server.Schedules;
using Vitrine.Server.Security.OpenId;
using Vitrine.Server.Shares;
using Vitrine.Server.Statistics;
using Vitrine.Server.Users;

namespace Vitrine.Server.Hosting;

/// <summary>The JSON of the API and of the command line: camelCase, ids and enums as text.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    Converters = [typeof(IdConverter<Library>), typeof(IdConverter<Collection>), typeof(IdConverter<Image>), typeof(IdConverter<Job>), typeof(IdConverter<NewBatch>), typeof(IdConverter<BlobRow>), typeof(IdConverter<CacheFolder>), typeof(IdConverter<User>), typeof(IdConverter<Session>), typeof(IdConverter<ApiKey>), typeof(IdConverter<AuditEntry>), typeof(IdConverter<Schedule>), typeof(IdConverter<Alert>), typeof(IdConverter<Share>), typeof(UtcTimes), typeof(CamelCase<ContainerKind>), typeof(CamelCase<ImageState>), typeof(CamelCase<Handler>), typeof(CamelCase<Outcome>), typeof(CamelCase<HoldShape>), typeof(CamelCase<FolderFaultShape>), typeof(CamelCase<CleanUpCause>), typeof(CamelCase<FindingLevel>), typeof(CamelCase<CollectionSort>), typeof(CamelCase<ScheduleKind>), typeof(CamelCase<ScheduleEnd>), typeof(CamelCase<SettingSource>), typeof(CamelCase<WatchWay>), typeof(CamelCase<FileKind>), typeof(CamelCase<DecoderFlavour>), typeof(CamelCase<FormatAccess>), typeof(CamelCase<AlertSeverity>), typeof(CamelCase<JobTypeShape>), typeof(CamelCase<DeriveKindShape>), typeof(CamelCase<PriorityShape>), typeof(CamelCase<DerivativeFormat>), typeof(CamelCase<StaleActionShape>), typeof(CamelCase<BulkOperationShape>), typeof(CamelCase<FolderFill>), typeof(CamelCase<UsageGroup>), typeof(CamelCase<ForecastBasis>), typeof(CamelCase<RoomVerdict>), typeof(CamelCase<ScanMode>), typeof(CamelCase<ScopeShape>)])]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(CollectionSort))]
[JsonSerializable(typeof(ScanMode))]
[JsonSerializable(typeof(SetUpShape))]
[JsonSerializable(typeof(SetUpRequest))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(NewUserRequest))]
[JsonSerializable(typeof(SessionShape))]
[JsonSerializable(typeof(SignInWaysShape))]
[JsonSerializable(typeof(NewShareRequest))]
[JsonSerializable(typeof(NewShareShape))]
[JsonSerializable(typeof(ListShape<ShareShape>))]
[JsonSerializable(typeof(SharedCollectionShape))]
[JsonSerializable(typeof(ListShape<SharedImageShape>))]
[JsonSerializable(typeof(UserShape))]
[JsonSerializable(typeof(ListShape<UserShape>))]
[JsonSerializable(typeof(UserChangeRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(ListShape<OpenSessionShape>))]
[JsonSerializable(typeof(NewApiKeyRequest))]
[JsonSerializable(typeof(NewApiKeyShape))]
[JsonSerializable(typeof(ListShape<ApiKeyShape>))]
[JsonSerializable(typeof(ListShape<AuditEntryShape>))]
[JsonSerializable(typeof(StatusShape))]
[JsonSerializable(typeof(HealthShape))]
[JsonSerializable(typeof(ListShape<FormatShape>))]
[JsonSerializable(typeof(ListShape<UnreadFilesShape>))]
[JsonSerializable(typeof(LibraryShape))]
[JsonSerializable(typeof(ListShape<LibraryShape>))]
[JsonSerializable(typeof(RemovedImageShape))]
[JsonSerializable(typeof(ListShape<RemovedImageShape>))]
[JsonSerializable(typeof(NewLibraryRequest))]
[JsonSerializable(typeof(NewLibrariesRequest))]
[JsonSerializable(typeof(ListShape<AddedLibraryShape>))]
[JsonSerializable(typeof(LibraryChangeRequest))]
[JsonSerializable(typeof(CollectionShape))]
[JsonSerializable(typeof(ListShape<CollectionShape>))]
[JsonSerializable(typeof(ImageShape))]
[JsonSerializable(typeof(ImagesRequest))]
[JsonSerializable(typeof(ImageDetailShape))]
[JsonSerializable(typeof(ListShape<ImageShape>))]
[JsonSerializable(typeof(NeighboursShape))]
[JsonSerializable(typeof(ViewRequest))]
[JsonSerializable(typeof(JobShape))]
[JsonSerializable(typeof(StartJobRequest))]
[JsonSerializable(typeof(PriorityRequest))]
[JsonSerializable(typeof(StaleJobsShape))]
[JsonSerializable(typeof(RecoveredShape))]
[JsonSerializable(typeof(StaleRecoveryShape))]
[JsonSerializable(typeof(CleanUpShape))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkAnswerShape))]
[JsonSerializable(typeof(IReadOnlyList<JobShape>))]
[JsonSerializable(typeof(SseItem<IReadOnlyList<JobShape>>))]
[JsonSerializable(typeof(ListShape<JobShape>))]
[JsonSerializable(typeof(ListShape<FailureShape>))]
[JsonSerializable(typeof(ListShape<FailureGroupShape>))]
[JsonSerializable(typeof(ListShape<DeadBatchShape>))]
[JsonSerializable(typeof(ListShape<AlertShape>))]
[JsonSerializable(typeof(FailureSelection))]
[JsonSerializable(typeof(ChangedShape))]
[JsonSerializable(typeof(CacheFolderShape))]
[JsonSerializable(typeof(ListShape<CacheFolderShape>))]
[JsonSerializable(typeof(NewCacheFolderRequest))]
[JsonSerializable(typeof(CacheFolderChangeRequest))]
[JsonSerializable(typeof(RemovedFolderShape))]
[JsonSerializable(typeof(CacheStatisticsShape))]
[JsonSerializable(typeof(FolderStatisticsShape))]
[JsonSerializable(typeof(DistributionShape))]
[JsonSerializable(typeof(EffectivenessShape))]
[JsonSerializable(typeof(UsageGroup))]
[JsonSerializable(typeof(ForecastRequest))]
[JsonSerializable(typeof(ForecastShape))]
[JsonSerializable(typeof(ListShape<PresetShape>))]
[JsonSerializable(typeof(NewPresetRequest))]
[JsonSerializable(typeof(PresetChangeRequest))]
[JsonSerializable(typeof(PresetChangedShape))]
[JsonSerializable(typeof(ScheduleShape))]
[JsonSerializable(typeof(ListShape<ScheduleShape>))]
[JsonSerializable(typeof(NewScheduleRequest))]
[JsonSerializable(typeof(ScheduleChangeRequest))]
[JsonSerializable(typeof(EngineShape))]
[JsonSerializable(typeof(ListShape<NodeShape>))]
[JsonSerializable(typeof(EngineChangeRequest))]
[JsonSerializable(typeof(FolderCleanUpShape))]
[JsonSerializable(typeof(ReconciliationShape))]
[JsonSerializable(typeof(CleanSummary))]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(VerifySummary))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    public static void Configure(Microsoft.AspNetCore.Http.Json.JsonOptions options)
    {
        options.SerializerOptions.TypeInfoResolverChain.Clear();
        options.SerializerOptions.TypeInfoResolverChain.Add(Default);
        foreach (var converter in Default.Options.Converters) options.SerializerOptions.Converters.Add(converter);
        options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        options.SerializerOptions.RespectNullableAnnotations = true;
        options.SerializerOptions.RespectRequiredConstructorParameters = true;
    }
}

/// <summary>An enum as text in camelCase.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;

/// <summary>Times are RFC 3339 in UTC with a Z, to the millisecond that the stores keep.</summary>
internal sealed class UtcTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Ids are text outside: some are larger than JavaScript's numbers, and nobody shall compute with them.</summary>
internal sealed class IdConverter<T> : JsonConverter<Id<T>>
{
    public override Id<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Id<T>.TryParse(reader.GetString(), null, out var id) ? id : throw new JsonException("This is not an id.");

    public override void Write(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options)
    {
        Span<byte> digits = stackalloc byte[20];
        value.Value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        writer.WriteStringValue(digits[..length]);
    }
}

/// <summary>A page of a list; <c>Next</c> is the cursor of the following one, or null at the end.</summary>
internal sealed record ListShape<T>(IReadOnlyList<T> Items, string? Next);
