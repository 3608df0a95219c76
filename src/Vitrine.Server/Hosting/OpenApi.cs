using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Vitrine.Core;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>The description of the API, made from the code: <c>/api/v1/openapi.json</c>, and a page to read it.</summary>
internal static class OpenApi
{
    public const string DocumentName = "v1";
    private const string ReferencePath = "/api/reference";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = NameOf;
            options.AddSchemaTransformer(DescribeIds);
            options.AddOperationTransformer(DescribeOperation);
            options.AddDocumentTransformer(DescribeDocument);
        });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi("/api/{documentName}/openapi.json").RequireAuthorization(Policies.Viewer);
        app.MapScalarApiReference(ReferencePath, (options, context) =>
                options.WithTitle("Vitrine: the API").WithOpenApiRoutePattern(Routes.OpenApi).DisableDefaultFonts().DisableAgent().DisableMcp().DisableTelemetry().HideDeveloperTools()
                    .WithNonce(WebHeaders.SetForReference(context)))
            .RequireAuthorization(Policies.Viewer)
            .Finally(CloseToAnybody);
    }

    /// <summary>The page's own scripts come marked for anybody, which would win over the policy.</summary>
    private static void CloseToAnybody(EndpointBuilder endpoint)
    {
        foreach (var mark in endpoint.Metadata.OfType<IAllowAnonymous>().ToList()) endpoint.Metadata.Remove(mark);
    }

    /// <summary>The names of docs/api.md. An id is text wherever it stands, and no schema of its own.</summary>
    private static string? NameOf(JsonTypeInfo type) => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
    {
        { } id when IsId(id) => null,
        { IsGenericType: true } generic when generic.GetGenericTypeDefinition() == typeof(SseItem<>) => "JobsEvent",
        _ => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("Shape", "", StringComparison.Ordinal),
    };

    private static Task DescribeIds(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        // A list of what has no schema of its own would say nothing of its elements.
        if (context.JsonTypeInfo.ElementType is { } element && IsId(element)) schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        if (IsId(type))
            schema.Type = type == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        if (type == typeof(DateTimeOffset))
        {
            schema.Type = type == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        if (type == typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable: docs/api.md lists the codes." };
            schema.Required = new HashSet<string> { "code", "status", "title" };
        }
        return Task.CompletedTask;
    }

    private static bool IsId(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>);

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in context.Description.ParameterDescriptions)
        {
            if (parameter.ParameterDescriptor is { } descriptor && NamedValues.Of(descriptor.ParameterType) is { } names
                && operation.Parameters?.FirstOrDefault(candidate => candidate.Name == parameter.Name)?.Schema is OpenApiSchema schema)
                schema.Enum = [.. names.Select(name => (JsonNode)name)];
        }
        // Those of a record carry the names of its properties.
        foreach (var query in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query) ?? [])
            query.Name = JsonNamingPolicy.CamelCase.ConvertName(query.Name!);
        if (metadata.OfType<IdempotencyKeyTaken>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Description = IdempotencyKey.Rule,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKey.MaxLength },
            });
        }
        if (metadata.OfType<BytesAnswer>().FirstOrDefault() is { } bytes)
        {
            operation.Responses ??= [];
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = "The bytes.",
                Content = bytes.ContentTypes.ToDictionary(
                    type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };
        }
        return Task.CompletedTask;
    }

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new() { Title = "Vitrine", Version = DocumentName, Description = "Conventions: docs/api.md." };
        document.Servers = [];
        // HEAD answers like GET without the bytes; described twice, an operation's id would not be its own.
        foreach (var path in document.Paths.Values) path.Operations?.Remove(HttpMethod.Head);
        return Task.CompletedTask;
    }
}
